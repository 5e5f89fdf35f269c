"""Earlier texts of entries."""

from __future__ import annotations

from collections.abc import Callable

from journiv.contracts.records import EntryRecord, RevisionRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import NotFound
from journiv.domain.events import EntryUpdated, Event
from journiv.domain.scope import UserScope
from journiv.services.journal.entries import existing, existing_entry


class RevisionService:
    """Shows earlier texts and brings them back. Raises `NotFound` without the entry or number."""

    def __init__(self, store: Store, clock: Clock, publish: Callable[[Event], None]) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish

    async def of_entry(self, scope: UserScope, entry_id: str) -> list[RevisionRecord]:
        """Return the kept texts of an entry, newest first."""

        def work(tx: Transaction) -> list[RevisionRecord]:
            existing_entry(tx, entry_id)
            return tx.revisions.of_entry(entry_id)

        return await self._store.read(scope, work, long=True)

    async def get(self, scope: UserScope, entry_id: str, number: int) -> RevisionRecord:
        """Return one kept text."""
        return await self._store.read(scope, lambda tx: _revision(tx, entry_id, number))

    async def restore(self, scope: UserScope, entry_id: str, number: int) -> EntryRecord:
        """Make an earlier text the current one again; the one it replaces is kept."""
        now = instant(self._clock.now())

        def work(tx: Transaction) -> EntryRecord:
            revision = _revision(tx, entry_id, number)
            tx.revisions.keep(existing_entry(tx, entry_id), "restored", now)
            text = {
                "title": revision["title"],
                "content": revision["content"],
                "word_count": revision["word_count"],
            }
            return existing(tx.entries.change(entry_id, text, now))

        entry = await self._store.write(scope, work)
        if not entry["is_draft"]:
            self._publish(EntryUpdated(scope.user_id, now, entry_id, entry["journal_id"]))
        return entry


def _revision(tx: Transaction, entry_id: str, number: int) -> RevisionRecord:
    existing_entry(tx, entry_id)
    revision = tx.revisions.get(entry_id, number)
    if revision is None:
        raise NotFound("Revision not found")
    return revision
