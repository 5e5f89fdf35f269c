"""Opening the store: patience while its server starts, then its schema."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from journiv.config.settings import Settings
from journiv.contracts.storage import Store
from journiv.domain.errors import ConfigError, Unavailable
from journiv.loader.errors import CannotOpen

PAUSE = 0.5

log = logging.getLogger("journiv.start")


async def open_store(store: Store, plugin: str, settings: Settings) -> None:
    """Open the store and bring its schema up to date, unless that is left to `journiv migrate`.

    A store that is out of reach is tried again until `STARTUP_TIMEOUT` is over (containers start
    in any order). Raises `CannotOpen` then, and `ConfigError` for a schema that does not fit.
    """
    await retried(store.open, plugin, settings.startup_timeout)
    try:
        if settings.migrate == "auto":
            await store.migrate()
            return
        status = await store.schema_status()
        if not status.compatible:
            await store.migrate()  # changes nothing, and says why this database is not to be used
        if not status.up_to_date:
            raise ConfigError(
                f"The database has schema {status.current or 'none'}, this release needs "
                f"{status.head}, and JOURNIV_MIGRATE=manual. Run: journiv migrate"
            )
    except BaseException:
        await store.close()
        raise


async def retried(open_it: Callable[[], Awaitable[None]], plugin: str, patience: float) -> None:
    """Call until it does not raise `Unavailable`, for `patience` seconds. Raises `CannotOpen`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    is_first = True
    while True:
        try:
            await open_it()
        except Unavailable as error:
            if loop.time() + PAUSE > deadline:
                raise CannotOpen(plugin, error.detail) from error
            if is_first:
                log.warning("%s is waited for up to %g s: %s", plugin, patience, error.detail)
            is_first = False
            await asyncio.sleep(PAUSE)
        else:
            return
