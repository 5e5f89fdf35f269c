"""Entries: write, read, change, pin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import Conflict, NotFound, Unprocessable
from journiv.domain.events import EntryCreated, EntryUpdated, Event
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.journal.entry_values import (
    ANYTHING,
    Condition,
    EntryInput,
    changed_columns,
    check_text,
    new_entry,
    same_as_sent,
)
from journiv.services.journal.journals import existing_journal


@dataclass(frozen=True, slots=True)
class Created:
    """A stored entry; `is_new` is False when it was stored by an earlier, equal request."""

    entry: EntryRecord
    is_new: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed entry; `overwrote` is the version whose text was replaced unseen, and kept."""

    entry: EntryRecord
    is_changed: bool = True
    overwrote: int | None = None


class EntryService:
    """Keeps a person's entries.

    Every method that takes an entry's id raises `NotFound` for one that is missing, foreign or in
    the trash.
    """

    def __init__(self, store: Store, clock: Clock, publish: Callable[[Event], None]) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish

    async def create(
        self, scope: UserScope, given: EntryInput, *, is_draft: bool = False
    ) -> Created:
        """Store an entry or a draft.

        Raises `NotFound` for an unknown journal or prompt, `Invalid` for a blank title or text
        or a time that cannot be kept, `Conflict` when `given.id` is used for something else.
        """
        if not is_draft:
            check_text(given)
        now, entry_id = instant(self._clock.now()), given.id or new_id()

        def work(tx: Transaction) -> Created:
            if given.id is not None and tx.entries.exists(entry_id):
                return Created(_repeated(tx, given, entry_id, is_draft=is_draft), False)
            entry = new_entry(tx, given, entry_id, now, is_draft=is_draft)
            return Created(tx.entries.add(entry), True)

        made = await self._store.write(scope, work)
        if made.is_new and not is_draft:
            journal_id = made.entry["journal_id"]
            self._publish(EntryCreated(scope.user_id, now, entry_id, journal_id))
        return made

    async def get(self, scope: UserScope, entry_id: str) -> EntryRecord:
        """Return an entry or a draft."""
        entry = await self._store.read(scope, lambda tx: tx.entries.get(entry_id))
        if entry is None:
            raise NotFound("Entry not found")
        return entry

    async def page(self, scope: UserScope, page: Page) -> list[EntryRecord]:
        """Return entries, newest first."""
        return await self._store.read(
            scope, lambda tx: tx.entries.page(page), long=page.offset > 1000
        )

    async def of_journal(
        self, scope: UserScope, journal_id: str, page: Page, *, include_pinned: bool
    ) -> list[EntryRecord]:
        """Return a journal's entries, pinned ones first. Raises `NotFound` without the journal."""

        def work(tx: Transaction) -> list[EntryRecord]:
            existing_journal(tx, journal_id)
            return tx.entries.of_journal(journal_id, page, include_pinned=include_pinned)

        return await self._store.read(scope, work, long=page.offset > 1000)

    async def between(
        self, scope: UserScope, start_date: str, end_date: str, journal_id: str | None
    ) -> list[EntryRecord]:
        """Return the entries of these days, both inclusive, newest first."""
        return await self._store.read(
            scope, lambda tx: tx.entries.between(start_date, end_date, journal_id), long=True
        )

    async def change(
        self,
        scope: UserScope,
        entry_id: str,
        changes: Mapping[str, Any],
        condition: Condition = ANYTHING,
    ) -> Changed:
        """Change what is given; the text that was there before is kept as a revision.

        Raises `NotFound`, `Unprocessable` for a move into an archived journal, `Invalid`, and what
        `Condition.check` raises.
        """
        now = instant(self._clock.now())

        def work(tx: Transaction) -> Changed:
            stored = existing_entry(tx, entry_id)
            condition.check(stored)
            columns = changed_columns(stored, changes)
            if not columns:
                return Changed(stored, is_changed=False)
            if "journal_id" in columns:
                _check_target(tx, columns["journal_id"])
            seen = condition.is_given
            rewritten = not {"title", "content"}.isdisjoint(columns)
            if rewritten:
                tx.revisions.keep(stored, "edited" if seen else "overwritten", now)
            entry = existing(tx.entries.change(entry_id, columns, now))
            return Changed(entry, overwrote=stored["version"] if rewritten and not seen else None)

        changed = await self._store.write(scope, work)
        if changed.is_changed:
            self._tell_changed(scope, changed.entry, now)
        return changed

    async def toggle_pin(self, scope: UserScope, entry_id: str) -> EntryRecord:
        """Pin an entry, or take its pin away."""
        now = instant(self._clock.now())

        def work(tx: Transaction) -> EntryRecord:
            pinned = existing_entry(tx, entry_id)["is_pinned"]
            return existing(tx.entries.change(entry_id, {"is_pinned": not pinned}, now))

        entry = await self._store.write(scope, work)
        self._tell_changed(scope, entry, now)
        return entry

    def _tell_changed(self, scope: UserScope, entry: EntryRecord, at: str) -> None:
        if not entry["is_draft"]:
            self._publish(EntryUpdated(scope.user_id, at, entry["id"], entry["journal_id"]))


def existing_entry(tx: Transaction, entry_id: str) -> EntryRecord:
    """Return a live entry or a draft. Raises `NotFound`."""
    return existing(tx.entries.get(entry_id))


def existing(entry: EntryRecord | None) -> EntryRecord:
    """Return the entry that was asked for. Raises `NotFound` when there was none."""
    if entry is None:
        raise NotFound("Entry not found")
    return entry


def _repeated(tx: Transaction, given: EntryInput, entry_id: str, *, is_draft: bool) -> EntryRecord:
    stored = tx.entries.get(entry_id)
    # A draft that was published meanwhile is still what the first request made.
    kind_fits = stored is not None and (is_draft or not stored["is_draft"])
    if stored is None or not kind_fits or not same_as_sent(tx, stored, given):
        raise Conflict("This id is already used for something else.")
    return stored


def _check_target(tx: Transaction, journal_id: str) -> None:
    target = tx.journals.get(journal_id)
    if target is None:
        raise NotFound("Target journal not found")
    if target["is_archived"]:
        raise Unprocessable("Cannot move entry to an archived journal")
