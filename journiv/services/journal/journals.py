"""Journals: the books that entries are in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from journiv.contracts.records import JournalRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import NotFound
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope


class JournalService:
    """Makes, changes, archives and deletes a person's journals.

    Every method that takes a journal's id raises `NotFound` for one that is missing or foreign.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def create(
        self,
        scope: UserScope,
        *,
        title: str,
        description: str | None = None,
        color: str | None = None,
        icon: str | None = None,
    ) -> JournalRecord:
        """Make a journal."""
        now = self._now()
        journal = {
            "id": new_id(),
            "title": title,
            "description": description,
            "color": color,
            "icon": icon,
            "is_favorite": False,
            "is_archived": False,
            "created_at": now,
            "updated_at": now,
        }
        return await self._store.write(scope, lambda tx: tx.journals.add(journal))

    async def all(self, scope: UserScope, *, include_archived: bool) -> list[JournalRecord]:
        """Return every journal, newest first."""
        return await self._store.read(
            scope, lambda tx: tx.journals.all(include_archived=include_archived)
        )

    async def favorites(self, scope: UserScope) -> list[JournalRecord]:
        """Return favourite journals, archived ones too."""
        return await self._store.read(scope, lambda tx: tx.journals.favorites())

    async def get(self, scope: UserScope, journal_id: str) -> JournalRecord:
        """Return a journal."""
        return await self._store.read(scope, lambda tx: existing_journal(tx, journal_id))

    async def change(
        self, scope: UserScope, journal_id: str, changes: Mapping[str, Any]
    ) -> JournalRecord:
        """Change what is given; a null keeps what was there."""
        given = {name: value for name, value in changes.items() if value is not None}
        now = self._now()

        def work(tx: Transaction) -> JournalRecord:
            return _found(tx.journals.change(journal_id, given, now))

        return await self._store.write(scope, work)

    async def toggle_favorite(self, scope: UserScope, journal_id: str) -> JournalRecord:
        """Make a journal a favourite, or no longer one."""
        now = self._now()

        def work(tx: Transaction) -> JournalRecord:
            journal = existing_journal(tx, journal_id)
            changes = {"is_favorite": not journal["is_favorite"]}
            return _found(tx.journals.change(journal_id, changes, now))

        return await self._store.write(scope, work)

    async def archive(self, scope: UserScope, journal_id: str, *, archived: bool) -> JournalRecord:
        """Put a journal into the archive or take it out; again changes nothing."""
        return await self.change(scope, journal_id, {"is_archived": archived})

    async def delete(self, scope: UserScope, journal_id: str) -> None:
        """Delete a journal with all its entries, for ever."""
        if not await self._store.write(scope, lambda tx: tx.journals.delete(journal_id)):
            raise NotFound("Journal not found")

    def _now(self) -> str:
        return instant(self._clock.now())


def existing_journal(tx: Transaction, journal_id: str) -> JournalRecord:
    """Return a journal. Raises `NotFound`."""
    return _found(tx.journals.get(journal_id))


def _found(journal: JournalRecord | None) -> JournalRecord:
    if journal is None:
        raise NotFound("Journal not found")
    return journal
