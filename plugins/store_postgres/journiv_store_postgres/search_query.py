"""How a search runs: which entries match, then their texts for the page alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    String,
    Table,
    and_,
    exists,
    select,
    text,
)

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import EntrySearch, Page
from journiv.sqlstore.keyset import older
from journiv.sqlstore.rows import ENTRY_COLUMNS, entry_records
from journiv.sqlstore.tables import entry_tags, media, moments, tags
from journiv.sqlstore.types import Id, Instant

entry_search: Final = Table(
    "entry_search",
    MetaData(),
    Column("user_id", Id, primary_key=True),
    Column("entry_id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("folded", String(collation="C"), nullable=False),
)

# A plan made without the needle cannot know whether it is rare.
_PLAN_EACH: Final = text("SET LOCAL plan_cache_mode = force_custom_plan")
_JOINED: Final = and_(
    moments.c.user_id == entry_search.c.user_id, moments.c.id == entry_search.c.entry_id
)
_OLDER: Final = older(at=entry_search.c.at, id=entry_search.c.entry_id)


def find(connection: Connection, user_id: str, query: EntrySearch, page: Page) -> list[EntryRecord]:
    """Return the live entries that match, newest first."""
    values: dict[str, Any] = {}
    hits = (
        select(entry_search.c.entry_id, entry_search.c.at)
        .where(entry_search.c.user_id == user_id, *_having(query.needles))
        .order_by(entry_search.c.at.desc(), entry_search.c.entry_id.desc())
        .limit(page.limit)
    )
    if narrowed := list(_narrowed(user_id, query)):
        hits = hits.join(moments, _JOINED).where(*narrowed)
    if page.after is not None:
        hits = hits.where(_OLDER)
        values = {"at": page.after.at, "id": page.after.id}
    elif page.offset:
        hits = hits.offset(page.offset)
    connection.execute(_PLAN_EACH)
    found = hits.subquery()
    entries = (
        select(*ENTRY_COLUMNS)
        .join(found, moments.c.id == found.c.entry_id)
        .where(moments.c.user_id == user_id)
        .order_by(found.c.at.desc(), found.c.entry_id.desc())
    )
    return entry_records(connection.execute(entries, values).fetchall())


def _having(needles: tuple[str, ...]) -> Iterator[ColumnElement[bool]]:
    for needle in dict.fromkeys(needles):
        escaped = needle.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        yield entry_search.c.folded.like(f"%{escaped}%")


def _narrowed(user_id: str, query: EntrySearch) -> Iterator[ColumnElement[bool]]:
    if query.journal_id is not None:
        yield moments.c.journal_id == query.journal_id
    if query.mood_id is not None:
        yield moments.c.mood_id == query.mood_id
    if query.start_date is not None:
        yield moments.c.day >= query.start_date
    if query.end_date is not None:
        yield moments.c.day <= query.end_date
    if query.pinned is not None:
        yield moments.c.is_pinned == query.pinned
    if query.has_media is not None:
        found = exists().where(
            media.c.user_id == user_id, media.c.entry_id == entry_search.c.entry_id
        )
        yield found if query.has_media else ~found
    if query.tag is not None:
        yield exists().where(
            tags.c.user_id == user_id,
            tags.c.name == query.tag,
            entry_tags.c.user_id == user_id,
            entry_tags.c.tag_id == tags.c.id,
            entry_tags.c.entry_id == entry_search.c.entry_id,
        )
