"""Rows of archives in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Select, Table, bindparam, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from journiv.contracts.archives import (
    ArchivedJournal,
    ArchivedMoment,
    ArchivedRevision,
    ArchivedTag,
)
from journiv.contracts.records import MediaRecord
from journiv.contracts.repositories.holdings import Holdings
from journiv.domain.errors import Conflict
from journiv.domain.text import fold
from journiv.sqlstore import rollups
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.repositories.media import MEDIA_COLUMNS, media_records
from journiv.sqlstore.tables import entry_tags
from journiv.sqlstore.tables import journals as journals_table
from journiv.sqlstore.tables import media as media_table
from journiv.sqlstore.tables import moments as moments_table
from journiv.sqlstore.tables import revisions as revisions_table
from journiv.sqlstore.tables import tags as tags_table

_TAG: Final = tuple(ArchivedTag.__annotations__)
_JOURNAL: Final = tuple(ArchivedJournal.__annotations__)
_MOMENT: Final = tuple(key for key in ArchivedMoment.__annotations__ if key != "tags")
_REVISION: Final = tuple(ArchivedRevision.__annotations__)


def _rows(table: Table, keys: Iterable[str]) -> Select[Any]:
    return select(*(table.c[key] for key in keys)).where(table.c.user_id == bindparam("person"))


def _after(table: Table, keys: Iterable[str]) -> Select[Any]:
    return _rows(table, keys).where(table.c.id > bindparam("last")).order_by(table.c.id)


def _known(table: Table, *keys: str) -> Select[Any]:
    return _rows(table, keys).where(table.c[keys[0]].in_(bindparam("wanted", expanding=True)))


_TAGS: Final = _after(tags_table, _TAG)
_JOURNALS: Final = _after(journals_table, _JOURNAL)
_MOMENTS: Final = _after(moments_table, _MOMENT)
_MEDIA: Final = _after(media_table, (column.name for column in MEDIA_COLUMNS))
_REVISIONS: Final = (
    _rows(revisions_table, _REVISION)
    .where(
        tuple_(revisions_table.c.entry_id, revisions_table.c.number)
        > tuple_(
            bindparam("last", type_=revisions_table.c.entry_id.type),
            bindparam("last_number", type_=revisions_table.c.number.type),
        )
    )
    .order_by(revisions_table.c.entry_id, revisions_table.c.number)
)
_LINKS: Final = _known(entry_tags, "entry_id", "tag_id", "created_at")
_KNOWN_TAGS: Final = _known(tags_table, "id")
_KNOWN_NAMES: Final = _known(tags_table, "name", "id")
_KNOWN_JOURNALS: Final = _known(journals_table, "id")
_KNOWN_MOMENTS: Final = _known(moments_table, "id")
_KNOWN_REFS: Final = _known(moments_table, "ref", "importer")
_KNOWN_REVISIONS: Final = _known(revisions_table, "entry_id", "number")
_AT_ONCE: Final = 500


class SqlHoldings(Holdings):
    """See `Holdings`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def tags(self, after: str, limit: int) -> list[ArchivedTag]:
        """See `Holdings`."""
        return cast("list[ArchivedTag]", self._page(_TAGS, _TAG, limit, last=after))

    def journals(self, after: str, limit: int) -> list[ArchivedJournal]:
        """See `Holdings`."""
        return cast("list[ArchivedJournal]", self._page(_JOURNALS, _JOURNAL, limit, last=after))

    def moments(self, after: str, limit: int) -> list[ArchivedMoment]:
        """See `Holdings`."""
        found = self._page(_MOMENTS, _MOMENT, limit, last=after)
        links: dict[str, dict[str, str]] = {}
        for entry_id, tag_id, at in self._found(_LINKS, [row["id"] for row in found]):
            links.setdefault(entry_id, {})[tag_id] = at
        for row in found:
            row["tags"] = dict(sorted(links.get(row["id"], {}).items()))
        return cast("list[ArchivedMoment]", found)

    def revisions(self, after: tuple[str, int], limit: int) -> list[ArchivedRevision]:
        """See `Holdings`."""
        last, number = after
        rows = self._page(_REVISIONS, _REVISION, limit, last=last, last_number=number)
        return cast("list[ArchivedRevision]", rows)

    def media(self, after: str, limit: int) -> list[MediaRecord]:
        """See `Holdings`."""
        values = {"person": self._bound.user_id, "last": after}
        return media_records(self._connection.execute(_MEDIA.limit(limit), values))

    def add_tags(self, tags: Sequence[ArchivedTag]) -> Mapping[str, str]:
        """See `Holdings`."""
        names = [tag["name"] for tag in tags]
        here = {str(row[0]): str(row[1]) for row in self._found(_KNOWN_NAMES, names)}
        used = {row[0] for row in self._found(_KNOWN_TAGS, [tag["id"] for tag in tags])}
        ids: dict[str, str] = {}
        new: list[dict[str, Any]] = []
        for tag in tags:
            if tag["id"] not in used and tag["name"] not in here:
                here[tag["name"]] = tag["id"]
                new.append({**tag, "usage_count": 0})
            ids[tag["id"]] = here.get(tag["name"], tag["id"])
        self._insert(tags_table, new)
        return ids

    def add_journals(self, journals: Sequence[ArchivedJournal]) -> list[str]:
        """See `Holdings`."""
        used = {row[0] for row in self._found(_KNOWN_JOURNALS, [one["id"] for one in journals])}
        new = [one for one in journals if one["id"] not in used]
        self._insert(journals_table, new)
        return [one["id"] for one in new]

    def add_moments(self, moments: Sequence[ArchivedMoment]) -> list[str]:
        """See `Holdings`."""
        new = self._unknown(moments)
        self._insert(
            moments_table,
            [{key: value for key, value in one.items() if key != "tags"} for one in new],
        )
        self._insert(
            entry_tags,
            [
                {"entry_id": one["id"], "tag_id": tag_id, "created_at": at}
                for one in new
                for tag_id, at in one["tags"].items()
            ],
        )
        rollups.add_all(self._connection, self._bound.user_id, map(_snapshot, new))
        texts = {
            one["id"]: f"{fold(one['title'] or '')}\n{fold(one['content'] or '')}"
            for one in new
            if one["status"] == "entry"
        }
        self._bound.search.put_new(self._connection, self._bound.user_id, texts)
        return [one["id"] for one in new]

    def add_revisions(self, revisions: Sequence[ArchivedRevision]) -> int:
        """See `Holdings`."""
        wanted = list({one["entry_id"] for one in revisions})
        owned = {row[0] for row in self._found(_KNOWN_MOMENTS, wanted)}
        used = {(row[0], row[1]) for row in self._found(_KNOWN_REVISIONS, wanted)}
        new = [
            one
            for one in revisions
            if one["entry_id"] in owned and (one["entry_id"], one["number"]) not in used
        ]
        self._insert(revisions_table, new)
        return len(new)

    def _unknown(self, found: Sequence[ArchivedMoment]) -> list[ArchivedMoment]:
        used = {row[0] for row in self._found(_KNOWN_MOMENTS, [one["id"] for one in found])}
        wanted = [one["ref"] for one in found if one["ref"] is not None]
        refs = {(row[1], row[0]) for row in self._found(_KNOWN_REFS, wanted)}
        return [
            one
            for one in found
            if one["id"] not in used and (one["importer"], one["ref"]) not in refs
        ]

    def _page(
        self, statement: Select[Any], keys: Sequence[str], limit: int, **values: Any
    ) -> list[dict[str, Any]]:
        rows = self._connection.execute(
            statement.limit(limit), {"person": self._bound.user_id, **values}
        )
        return [dict(zip(keys, row, strict=True)) for row in rows]

    def _found(self, statement: Select[Any], wanted: Sequence[str]) -> list[Sequence[Any]]:
        found: list[Sequence[Any]] = []
        for start in range(0, len(wanted), _AT_ONCE):
            values = {"person": self._bound.user_id, "wanted": wanted[start : start + _AT_ONCE]}
            found += [tuple(row) for row in self._connection.execute(statement, values)]
        return found

    def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            owned = [{**row, "user_id": self._bound.user_id} for row in rows]
            try:
                self._connection.execute(insert(table), owned)
            except IntegrityError as error:
                raise Conflict("These rows refer to what is not there.") from error


def _snapshot(moment: ArchivedMoment) -> rollups.Snapshot:
    return rollups.Snapshot(
        status=moment["status"],
        journal_id=moment["journal_id"],
        day=moment["day"],
        at=moment["at"],
        words=moment["word_count"],
        mood_id=moment["mood_id"],
        prompt_id=moment["prompt_id"],
        tag_ids=frozenset(moment["tags"]),
    )
