"""Tags in SQL."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import and_, bindparam, case, delete, func, insert, select, update

from journiv.contracts.records import EntryRecord, TagLinkRecord, TagRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.repositories.tags import Tags
from journiv.domain.errors import Conflict
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.keyset import older
from journiv.sqlstore.repositories.tag_links import TagLinks
from journiv.sqlstore.rows import ENTRY_COLUMNS, entry_records
from journiv.sqlstore.tables import entry_tags, moments, tag_days, tags

_KEYS: Final = tuple(TagRecord.__annotations__)
_COLUMNS: Final = tuple(tags.c[key] for key in _KEYS)

_MINE = tags.c.user_id == bindparam("owner")
_THIS = and_(_MINE, tags.c.id == bindparam("tag"))
_ALL = select(*_COLUMNS).where(_MINE)
_GET = select(*_COLUMNS).where(_THIS)
_BY_NAME = _ALL.where(tags.c.name == bindparam("name"))
_BY_NAMES = _ALL.where(tags.c.name.in_(bindparam("names", expanding=True)))
_PAGE = (
    _ALL.order_by(tags.c.usage_count.desc(), tags.c.name)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_SEARCH = _PAGE.where(tags.c.name.like(bindparam("pattern"), escape="\\"))
_POPULAR = _PAGE.where(tags.c.usage_count > 0)
_TOTALS = select(func.count(), func.count(case((tags.c.usage_count > 0, 1)))).where(_MINE)
_INSERT = insert(tags)
_DELETE = delete(tags).where(_THIS)

_ON_ENTRY = and_(entry_tags.c.user_id == tags.c.user_id, entry_tags.c.tag_id == tags.c.id)
_OF_ENTRY = (
    select(*_COLUMNS)
    .join(entry_tags, _ON_ENTRY)
    .where(entry_tags.c.user_id == bindparam("owner"), entry_tags.c.entry_id == bindparam("entry"))
    .order_by(tags.c.name)
)
_OF_TAG = and_(entry_tags.c.user_id == bindparam("owner"), entry_tags.c.tag_id == bindparam("tag"))
_TAGGED = and_(moments.c.user_id == entry_tags.c.user_id, moments.c.id == entry_tags.c.entry_id)
_ENTRIES = (
    select(*ENTRY_COLUMNS)
    .join(entry_tags, _TAGGED)
    .where(_OF_TAG, moments.c.status == "entry")
    .order_by(moments.c.at.desc(), moments.c.id.desc())
    .limit(bindparam("limit"))
)
_ENTRIES_FROM = _ENTRIES.offset(bindparam("offset"))
_ENTRIES_AFTER = _ENTRIES.where(older(after_at=moments.c.at, after_id=moments.c.id))

_USED_ON = (
    select(tag_days.c.day, func.sum(tag_days.c.entries))
    .where(
        tag_days.c.user_id == bindparam("owner"),
        tag_days.c.day.between(bindparam("start"), bindparam("end")),
        tag_days.c.entries > 0,
    )
    .group_by(tag_days.c.day)
    .order_by(tag_days.c.day)
)
_TAG_USED_ON = _USED_ON.where(tag_days.c.tag_id == bindparam("tag"))
_beside = entry_tags.alias("beside")
_shared = func.count().label("shared")
_TOGETHER = (
    select(*_COLUMNS, _shared)
    .select_from(entry_tags)
    .join(moments, _TAGGED)
    .join(
        _beside,
        and_(
            _beside.c.user_id == entry_tags.c.user_id,
            _beside.c.entry_id == entry_tags.c.entry_id,
            _beside.c.tag_id != entry_tags.c.tag_id,
        ),
    )
    .join(tags, and_(tags.c.user_id == _beside.c.user_id, tags.c.id == _beside.c.tag_id))
    .where(_OF_TAG, moments.c.status == "entry")
    .group_by(*_COLUMNS)
    .order_by(_shared.desc(), tags.c.name)
    .limit(bindparam("limit"))
)


def _record(row: Any) -> TagRecord:
    return cast("TagRecord", dict(zip(_KEYS, row, strict=True)))


def _containing(text: str) -> str:
    """Return a LIKE pattern for a substring; escape character is the backslash."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


class SqlTags(Tags):
    """See `Tags`."""

    def __init__(self, bound: Bound) -> None:
        self._connection = bound.connection
        self._owner = bound.user_id
        self._links = TagLinks(bound.connection, bound.user_id)

    def _rows(self, statement: Any, **values: Any) -> list[TagRecord]:
        rows = self._connection.execute(statement, {"owner": self._owner, **values})
        return [_record(row) for row in rows.fetchall()]

    def get(self, tag_id: str) -> TagRecord | None:
        """See `Tags`."""
        return next(iter(self._rows(_GET, tag=tag_id)), None)

    def by_name(self, name: str) -> TagRecord | None:
        """See `Tags`."""
        return next(iter(self._rows(_BY_NAME, name=name)), None)

    def page(self, limit: int, offset: int, search: str | None = None) -> list[TagRecord]:
        """See `Tags`."""
        if search is None:
            return self._rows(_PAGE, limit=limit, offset=offset)
        return self._rows(_SEARCH, limit=limit, offset=offset, pattern=_containing(search))

    def popular(self, limit: int) -> list[TagRecord]:
        """See `Tags`."""
        return self._rows(_POPULAR, limit=limit, offset=0)

    def ensure(self, names: list[str], ids: list[str], at: str) -> list[TagRecord]:
        """See `Tags`."""
        found = {tag["name"]: tag for tag in self._rows(_BY_NAMES, names=names)}
        added: list[TagRecord] = []
        for name, tag_id in zip(names, ids, strict=True):
            if name not in found:
                found[name] = TagRecord(
                    id=tag_id,
                    user_id=self._owner,
                    name=name,
                    usage_count=0,
                    created_at=at,
                    updated_at=at,
                )
                added.append(found[name])
        if added:
            self._connection.execute(_INSERT, added)
        return [found[name] for name in names]

    def rename(self, tag_id: str, name: str, at: str) -> TagRecord | None:
        """See `Tags`."""
        taken = self.by_name(name)
        if taken is not None and taken["id"] != tag_id:
            raise Conflict("Tag with this name already exists")
        return self._change(tag_id, name=name, updated_at=at)

    def delete(self, tag_id: str) -> bool:
        """See `Tags`."""
        self._links.drop(tag_id)
        keys = {"owner": self._owner, "tag": tag_id}
        return self._connection.execute(_DELETE, keys).rowcount > 0

    def merge(self, source_id: str, target_id: str, at: str) -> TagRecord | None:
        """See `Tags`."""
        if source_id == target_id or self.get(source_id) is None or self.get(target_id) is None:
            return None
        self._links.move(source_id, target_id)
        self._connection.execute(_DELETE, {"owner": self._owner, "tag": source_id})
        return self._change(target_id, updated_at=at)

    def link(self, entry_id: str, tag_ids: list[str], at: str) -> list[TagLinkRecord]:
        """See `Tags`."""
        return self._links.add(entry_id, tag_ids, at)

    def unlink(self, entry_id: str, tag_id: str) -> bool:
        """See `Tags`."""
        return self._links.remove(entry_id, tag_id)

    def of_entry(self, entry_id: str) -> list[TagRecord]:
        """See `Tags`."""
        return self._rows(_OF_ENTRY, entry=entry_id)

    def entries(self, tag_id: str, page: Page) -> list[EntryRecord]:
        """See `Tags`."""
        values: dict[str, Any] = {"owner": self._owner, "tag": tag_id, "limit": page.limit}
        if page.after is None:
            statement, values["offset"] = _ENTRIES_FROM, page.offset
        else:
            statement = _ENTRIES_AFTER
            values |= {"after_at": page.after.at, "after_id": page.after.id}
        return entry_records(self._connection.execute(statement, values).fetchall())

    def by_day(
        self, start_date: str, end_date: str, tag_id: str | None = None
    ) -> list[tuple[str, int]]:
        """See `Tags`."""
        statement = _USED_ON if tag_id is None else _TAG_USED_ON
        values = {"owner": self._owner, "start": start_date, "end": end_date, "tag": tag_id}
        return [(day, int(links)) for day, links in self._connection.execute(statement, values)]

    def together_with(self, tag_id: str, limit: int) -> list[tuple[TagRecord, int]]:
        """See `Tags`."""
        values = {"owner": self._owner, "tag": tag_id, "limit": limit}
        rows = self._connection.execute(_TOGETHER, values)
        return [(_record(row[:-1]), row[-1]) for row in rows]

    def totals(self) -> tuple[int, int]:
        """See `Tags`."""
        tags_all, tags_used = self._connection.execute(_TOTALS, {"owner": self._owner}).one()
        return tags_all, tags_used

    def _change(self, tag_id: str, **values: Any) -> TagRecord | None:
        keys = {"owner": self._owner, "tag": tag_id}
        self._connection.execute(update(tags).where(_THIS).values(**values), keys)
        return self.get(tag_id)
