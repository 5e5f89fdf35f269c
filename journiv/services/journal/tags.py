"""Tags and what carries them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from journiv.contracts.records import EntryRecord, TagLinkRecord, TagRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Conflict, Invalid, NotFound, Violation
from journiv.domain.events import EntryUpdated, Event
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.domain.text import tag_name

MAX_NAME: Final = 100
MAX_PER_ENTRY: Final = 50


class TagService:
    """Makes, finds, merges and attaches a person's tags."""

    def __init__(self, store: Store, clock: Clock, publish: Callable[[Event], None]) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish

    async def create(self, scope: UserScope, name: str) -> TagRecord:
        """Return the tag of that name, new or not. Raises `Invalid` for a blank or long name."""
        wanted, ids, now = [checked_name(name, ("body", "name"))], [new_id()], self._now()
        return await self._store.write(scope, lambda tx: tx.tags.ensure(wanted, ids, now)[0])

    async def page(
        self, scope: UserScope, limit: int, offset: int, search: str | None = None
    ) -> list[TagRecord]:
        """Return tags, most used first, then by name."""
        part = None if search is None else tag_name(search) or search
        if part is not None and len(part) > MAX_NAME:
            return []
        return await self._store.read(scope, lambda tx: tx.tags.page(limit, offset, part))

    async def popular(self, scope: UserScope, limit: int) -> list[TagRecord]:
        """Return used tags, most used first."""
        return await self._store.read(scope, lambda tx: tx.tags.popular(limit))

    async def get(self, scope: UserScope, tag_id: str) -> TagRecord:
        """Return a tag. Raises `NotFound`."""
        return await self._store.read(scope, lambda tx: _tag(tx, tag_id))

    async def rename(self, scope: UserScope, tag_id: str, name: str | None) -> TagRecord:
        """Rename a tag; None keeps the name. Raises `NotFound`; `BadRequest` for a taken name."""
        if name is None:
            return await self.get(scope, tag_id)
        wanted, now = checked_name(name, ("body", "name")), self._now()
        try:
            tag = await self._store.write(scope, lambda tx: tx.tags.rename(tag_id, wanted, now))
        except Conflict as conflict:
            raise BadRequest(conflict.detail) from None
        if tag is None:
            raise NotFound("Tag not found")
        return tag

    async def delete(self, scope: UserScope, tag_id: str) -> None:
        """Delete a tag; entries stay. Raises `NotFound`."""
        if not await self._store.write(scope, lambda tx: tx.tags.delete(tag_id)):
            raise NotFound("Tag not found")

    async def merge(self, scope: UserScope, source_id: str, target_id: str) -> TagRecord:
        """Give one tag's entries to another and delete the first; return the other."""
        if source_id == target_id:
            raise BadRequest("Cannot merge tag into itself")
        now = self._now()

        def work(tx: Transaction) -> TagRecord | None:
            _tag(tx, source_id, "Source tag not found")
            _tag(tx, target_id, "Target tag not found")
            return tx.tags.merge(source_id, target_id, now)

        merged = await self._store.write(scope, work)
        if merged is None:
            raise NotFound("Target tag not found")
        return merged

    async def entries(self, scope: UserScope, tag_id: str, page: Page) -> list[EntryRecord]:
        """Return the entries of a tag, newest first. Raises `NotFound`."""

        def work(tx: Transaction) -> list[EntryRecord]:
            _tag(tx, tag_id)
            return tx.tags.entries(tag_id, page)

        return await self._store.read(scope, work, long=True)

    async def of_entry(self, scope: UserScope, entry_id: str) -> list[TagRecord]:
        """Return the tags of an entry by name. Raises `NotFound`."""

        def work(tx: Transaction) -> list[TagRecord]:
            _entry(tx, entry_id)
            return tx.tags.of_entry(entry_id)

        return await self._store.read(scope, work)

    async def put_names(
        self, scope: UserScope, entry_id: str, names: Sequence[str]
    ) -> list[TagRecord]:
        """Put tags on an entry by name, making missing ones; return all its tags.

        Blank names are skipped. Raises `NotFound`; `Invalid` for a name or a number over the
        limits, and nothing is changed then.
        """
        wanted = _distinct(names)
        ids, now = [new_id() for _ in wanted], self._now()

        def work(tx: Transaction) -> tuple[EntryRecord, list[TagRecord]]:
            entry = _entry(tx, entry_id)
            tags = tx.tags.ensure(wanted, ids, now)
            tx.tags.link(entry_id, [tag["id"] for tag in tags], now)
            return entry, _within_limit(tx.tags.of_entry(entry_id))

        entry, tags = await self._store.write(scope, work)
        if wanted:
            self._tell(scope, entry, now)
        return tags

    async def link(self, scope: UserScope, entry_id: str, tag_id: str) -> TagLinkRecord:
        """Put a tag on an entry; again is the same link. Raises `NotFound` or `Invalid`."""
        now = self._now()

        def work(tx: Transaction) -> tuple[EntryRecord, TagLinkRecord]:
            entry = _entry(tx, entry_id)
            _tag(tx, tag_id)
            [link] = tx.tags.link(entry_id, [tag_id], now)
            _within_limit(tx.tags.of_entry(entry_id))
            return entry, link

        entry, link = await self._store.write(scope, work)
        self._tell(scope, entry, now)
        return link

    async def unlink(self, scope: UserScope, entry_id: str, tag_id: str) -> None:
        """Take a tag off an entry, if it is on it. Raises `NotFound` for either."""

        def work(tx: Transaction) -> EntryRecord | None:
            entry = _entry(tx, entry_id)
            _tag(tx, tag_id)
            return entry if tx.tags.unlink(entry_id, tag_id) else None

        entry = await self._store.write(scope, work)
        if entry is not None:
            self._tell(scope, entry, self._now())

    def _now(self) -> str:
        return instant(self._clock.now())

    def _tell(self, scope: UserScope, entry: EntryRecord, at: str) -> None:
        if not entry["is_draft"]:
            event = EntryUpdated(
                user_id=scope.user_id,
                at=at,
                entry_id=entry["id"],
                journal_id=entry["journal_id"],
            )
            self._publish(event)


def checked_name(name: str, loc: tuple[str | int, ...]) -> str:
    """Return a tag's name as it is stored. Raises `Invalid` when blank or over 100 characters."""
    stored = tag_name(name)
    if not stored:
        raise Invalid([Violation(loc, "string_too_short", "A tag needs a name.")])
    if len(stored) > MAX_NAME:
        msg = f"A tag may have at most {MAX_NAME} characters."
        raise Invalid([Violation(loc, "string_too_long", msg)])
    return stored


def _distinct(names: Sequence[str]) -> list[str]:
    filled = [(index, name) for index, name in enumerate(names) if name.strip()]
    found = dict.fromkeys(checked_name(name, ("body", index)) for index, name in filled)
    if len(found) > MAX_PER_ENTRY:
        raise _too_many()
    return list(found)


def _within_limit(tags: list[TagRecord]) -> list[TagRecord]:
    if len(tags) > MAX_PER_ENTRY:
        raise _too_many()
    return tags


def _too_many() -> Invalid:
    msg = f"An entry may have at most {MAX_PER_ENTRY} tags."
    return Invalid([Violation(("body",), "too_long", msg)])


def _tag(tx: Transaction, tag_id: str, detail: str = "Tag not found") -> TagRecord:
    tag = tx.tags.get(tag_id)
    if tag is None:
        raise NotFound(detail)
    return tag


def _entry(tx: Transaction, entry_id: str) -> EntryRecord:
    entry = tx.entries.get(entry_id)
    if entry is None:
        raise NotFound("Entry not found")
    return entry
