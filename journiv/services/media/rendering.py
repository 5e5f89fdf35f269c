"""Pictures of media, made after the upload: one at a time, by one process of the installation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from journiv.contracts.media import MediaStore
from journiv.contracts.media_processing import MediaProcessor, Rendered, Variant
from journiv.contracts.records import MediaRecord, VariantRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import JournivError, Unprocessable
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.media.names import DISPLAY, VARIANTS, variant_key
from journiv.services.media.processors import Processors
from journiv.services.media.staging import Staging, receive
from journiv.services.server.stopping import told_to_stop

CLAIM: Final = timedelta(minutes=2)
"""How long a process that died keeps a medium from being tried again."""

ATTEMPTS: Final = 3
IDLE: Final = 15.0
DISPLAY_LONGEST: Final = 4096
_NO_LIMIT: Final = 1 << 62
_MADE: Final = tuple(Variant(name=name, longest=side) for name, side in VARIANTS.items())
_SHOWN: Final = Variant(name=DISPLAY, longest=DISPLAY_LONGEST)

log = logging.getLogger("journiv.media")


class Rendering:
    """Makes the pictures of media that wait for them, woken by an upload or every few seconds.

    A medium is claimed for two minutes before it is touched. When the process dies, another one
    (or this one, started again) takes it up after that; after three attempts it has failed.
    """

    def __init__(
        self,
        store: Store,
        media: MediaStore,
        staging: Staging,
        processors: Processors,
        clock: Clock,
    ) -> None:
        self._store = store
        self._media = media
        self._staging = staging
        self._processors = processors
        self._clock = clock
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Say that there is something to do."""
        self._wake.set()

    async def start(self) -> None:
        """Begin to work."""
        self._task = asyncio.create_task(self._run(), name="media-rendering")

    async def stop(self) -> None:
        """Stop; a medium at work is taken up again later."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self._processors.close()

    async def run_once(self) -> bool:
        """Work on one medium; False when none waits."""
        now = self._clock.now()
        at, until = instant(now), instant(now + CLAIM)
        claimed = await self._store.write(SYSTEM, lambda tx: tx.media_files.claim(at, until, 1))
        for medium in claimed:
            await self._work_on(medium)
        return bool(claimed)

    async def _run(self) -> None:
        while True:
            try:
                self._wake.clear()
                while await self.run_once():
                    pass
            except (Exception, asyncio.CancelledError):
                if told_to_stop():
                    raise
                log.exception("making pictures failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), IDLE)

    async def _work_on(self, medium: MediaRecord) -> None:
        processor = self._processors.for_type(medium["mime"])
        try:
            if medium["attempts"] > ATTEMPTS:
                raise Unprocessable("This file could not be looked at.")
            variants = await self._rendered(medium, processor) if processor else {}
        except Unprocessable as error:
            await self._settle(medium, {"status": "failed", "error": error.detail[:500]})
        except JournivError as error:
            log.warning("pictures of medium %s were not made: %s", medium["id"], error.detail)
        else:
            done = {"status": "completed", "variants": variants, "error": None}
            await self._settle(medium, done)

    async def _rendered(
        self, medium: MediaRecord, processor: MediaProcessor
    ) -> dict[str, VariantRecord]:
        wanted = (*_MADE, _SHOWN) if self._processors.needs_display(medium["mime"]) else _MADE
        async with self._staging.folder() as folder:
            path = self._media.local_path(medium["key"])
            if path is None:
                path = (await receive(folder, self._media.open(medium["key"]), _NO_LIMIT)).path
            output = folder / ".made"
            await asyncio.to_thread(output.mkdir, 0o700)
            made = await processor.render(path, medium["mime"], wanted, output)
            return await self._stored(medium, made)

    async def _stored(
        self, medium: MediaRecord, made: Sequence[Rendered]
    ) -> dict[str, VariantRecord]:
        variants: dict[str, VariantRecord] = {}
        for one in made:
            key = variant_key(medium["key"], one.variant)
            await self._media.put_file(key, Path(one.path))
            variants[one.variant] = {
                "key": key,
                "mime": one.mime,
                "width": one.width,
                "height": one.height,
            }
        return variants

    async def _settle(self, medium: MediaRecord, changes: dict[str, Any]) -> None:
        """Write what came of it; bytes of a medium that was deleted meanwhile go again."""
        at = instant(self._clock.now())
        columns = {**changes, "claimed_until": None}

        def work(tx: Transaction) -> None:
            if not tx.media.change(medium["id"], columns, at):
                tx.media.discard(medium["key"])

        await self._store.write(UserScope(medium["user_id"]), work)
