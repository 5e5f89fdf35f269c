"""What an administrator may know and switch about this installation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope

_VERSION_CHECK = "version_check"
_NO_CALLS = "This release asks no other server, so it does not know about newer ones."


class InstanceService:
    """Tells the version and keeps the switch for looking for newer ones.

    Nothing here calls out: this release has no such check, and says so.
    """

    def __init__(self, store: Store, clock: Clock, version: str) -> None:
        self._store = store
        self._clock = clock
        self._version = version

    async def version_info(self, scope: UserScope) -> Mapping[str, Any]:
        """Return the running version and the installation's random id."""
        fresh, now = new_id(), instant(self._clock.now())

        def work(tx: Transaction) -> str:
            tx.installation.claim(fresh, now)
            return tx.installation.id() or fresh

        install_id = await self._store.read(SYSTEM, lambda tx: tx.installation.id())
        return {
            "current_version": self._version,
            "install_id": install_id or await self._store.write(SYSTEM, work),
            "latest_version": None,
            "update_available": None,
            "update_url": None,
            "changelog_url": None,
            "last_checked": None,
            "last_check_success": None,
            "error_message": _NO_CALLS,
        }

    async def check(self, scope: UserScope) -> Mapping[str, Any]:
        """Say that no check was made, and what is known without one."""
        return {
            "success": False,
            "message": _NO_CALLS,
            "version_info": await self.version_info(scope),
            "retry_after_seconds": None,
            "cached": True,
        }

    async def check_enabled(self, scope: UserScope) -> bool:
        """Say whether looking for newer versions is wanted; nobody is asked unless told so."""
        flag = await self._store.read(SYSTEM, lambda tx: tx.installation.flag(_VERSION_CHECK))
        return bool(flag)

    async def set_check_enabled(self, scope: UserScope, enabled: bool) -> bool:
        """Keep the switch and return it."""
        await self._store.write(
            SYSTEM, lambda tx: tx.installation.set_flag(_VERSION_CHECK, enabled)
        )
        return enabled
