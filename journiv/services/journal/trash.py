"""The trash: what was deleted stays there for 30 days."""

from __future__ import annotations

from collections.abc import Callable

from journiv.contracts.records import EntryRecord, TrashRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import NotFound
from journiv.domain.events import EntryRestored, EntryTrashed, Event
from journiv.domain.scope import UserScope
from journiv.services.journal.entries import existing_entry
from journiv.services.journal.entry_values import ANYTHING, Condition


class TrashService:
    """Throws entries away and brings them back; a job of `builtin` forgets them after 30 days."""

    def __init__(self, store: Store, clock: Clock, publish: Callable[[Event], None]) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish

    async def put(self, scope: UserScope, entry_id: str, condition: Condition = ANYTHING) -> None:
        """Throw an entry or a draft away. Raises `NotFound` and what `Condition.check` raises."""
        now = instant(self._clock.now())

        def work(tx: Transaction) -> EntryRecord:
            stored = existing_entry(tx, entry_id)
            condition.check(stored)
            tx.trash.put(entry_id, now)
            return stored

        entry = await self._store.write(scope, work)
        if not entry["is_draft"]:
            self._publish(EntryTrashed(scope.user_id, now, entry_id))

    async def page(self, scope: UserScope, page: Page) -> list[TrashRecord]:
        """Return what is in the trash, latest thrown first."""
        return await self._store.read(scope, lambda tx: tx.trash.page(page))

    async def restore(self, scope: UserScope, entry_id: str) -> EntryRecord:
        """Bring an entry back with its tags and mood. Raises `NotFound`."""
        now = instant(self._clock.now())
        entry = await self._store.write(scope, lambda tx: tx.trash.restore(entry_id, now))
        if entry is None:
            raise NotFound("Entry not found")
        if not entry["is_draft"]:
            self._publish(EntryRestored(scope.user_id, now, entry_id))
        return entry

    async def delete(self, scope: UserScope, entry_id: str) -> None:
        """Delete a trashed entry for ever. Raises `NotFound`."""
        if not await self._store.write(scope, lambda tx: tx.trash.delete(entry_id)):
            raise NotFound("Entry not found")
