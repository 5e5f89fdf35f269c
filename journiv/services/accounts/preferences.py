"""A person's preferences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from journiv.contracts.records import SettingsRecord
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import NotFound
from journiv.domain.scope import UserScope


class Preferences:
    """Reads and changes them; a changed zone counts for what is written from then on."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def get(self, scope: UserScope) -> SettingsRecord:
        """Return the preferences. Raises `NotFound` for an account that has none."""
        return _found(await self._store.read(scope, lambda tx: tx.settings.get()))

    async def change(self, scope: UserScope, changes: Mapping[str, Any]) -> SettingsRecord:
        """Write the given fields. Raises `NotFound` for an account that has no preferences."""
        if not changes:
            return await self.get(scope)
        at = instant(self._clock.now())
        return _found(await self._store.write(scope, lambda tx: tx.settings.change(changes, at)))


def _found(settings: SettingsRecord | None) -> SettingsRecord:
    if settings is None:
        raise NotFound("Settings not found")
    return settings
