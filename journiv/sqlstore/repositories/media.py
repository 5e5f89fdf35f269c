"""Media in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

import orjson
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from journiv.contracts.records import MediaRecord
from journiv.contracts.repositories.media import Media, MediaQuery, MediaUsage, ShelvedMedium
from journiv.domain.errors import Conflict
from journiv.sqlstore import media_waste
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.keyset import older
from journiv.sqlstore.tables import media, moments

MEDIA_COLUMNS: Final = tuple(media.c[name] for name in MediaRecord.__annotations__)
_KEYS: Final = tuple(MediaRecord.__annotations__)
_VARIANTS: Final = _KEYS.index("variants")
_ON_MOMENT: Final = (moments.c.user_id == media.c.user_id) & (moments.c.id == media.c.entry_id)
_MINE: Final = media.c.user_id == bindparam("user")
_ONE: Final = media.c.id == bindparam("medium")
_LIVE: Final = (
    select(*MEDIA_COLUMNS)
    .join(moments, _ON_MOMENT)
    .where(_MINE, moments.c.status.not_in(["trash"]))
)
_GET: Final = _LIVE.where(_ONE)
_OF_ENTRY: Final = _LIVE.where(media.c.entry_id == bindparam("entry")).order_by(
    media.c.created_at, media.c.id
)
_SHELVED: Final = _LIVE.add_columns(moments.c.at, moments.c.day).limit(bindparam("limit"))
_BY_ADDING: Final = _SHELVED.order_by(media.c.created_at.desc(), media.c.id.desc())
_ADDED_BEFORE: Final = _BY_ADDING.where(older(at=media.c.created_at, id=media.c.id))
_BY_MOMENT: Final = _SHELVED.order_by(moments.c.at.desc(), media.c.id.desc())
_OF_EARLIER: Final = _BY_MOMENT.where(
    # Only the first of these lets an index of one table find the place.
    moments.c.at <= bindparam("at", type_=moments.c.at.type),
    older(at=moments.c.at, id=media.c.id),
)
_SAME_SOURCE: Final = (
    select(*MEDIA_COLUMNS)
    .where(_MINE, media.c.source_sha256 == bindparam("source"))
    .order_by(media.c.id)
)
_HELD: Final = _SAME_SOURCE.with_for_update()
_USAGE: Final = select(func.count(), func.coalesce(func.sum(media.c.size), 0)).where(_MINE)
_FIRST_PICTURE: Final = (
    select(*MEDIA_COLUMNS, moments.c.day)
    .join(moments, _ON_MOMENT)
    .where(
        _MINE,
        media.c.variants.is_not(None),
        moments.c.status.in_(["entry", "log"]),
    )
)
_OF_DAYS: Final = _FIRST_PICTURE.where(
    moments.c.day.between(bindparam("start"), bindparam("end"))
).order_by(moments.c.at.desc(), moments.c.id.desc(), media.c.created_at.desc(), media.c.id.desc())
_BETWEEN: Final = _FIRST_PICTURE.where(
    moments.c.at.between(bindparam("start"), bindparam("end"))
).order_by(media.c.created_at.desc(), media.c.id.desc())
_CHANGE: Final = update(media).where(_MINE, _ONE)
_DELETE: Final = delete(media).where(_MINE, _ONE)


class SqlMedia(Media):
    """See `Media`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def get(self, media_id: str) -> MediaRecord | None:
        """See `Media`."""
        keys = {"user": self._bound.user_id, "medium": media_id}
        row = self._connection.execute(_GET, keys).fetchone()
        return None if row is None else media_record(row)

    def of_entry(self, entry_id: str) -> list[MediaRecord]:
        """See `Media`."""
        keys = {"user": self._bound.user_id, "entry": entry_id}
        return media_records(self._connection.execute(_OF_ENTRY, keys))

    def page(self, query: MediaQuery) -> list[ShelvedMedium]:
        """See `Media`."""
        values: dict[str, Any] = {"user": self._bound.user_id, "limit": query.limit}
        statement = _BY_MOMENT if query.by_moment else _BY_ADDING
        if query.after is not None:
            values |= {"at": query.after.at, "id": query.after.id}
            statement = _OF_EARLIER if query.by_moment else _ADDED_BEFORE
        if query.journal_id is not None:
            statement = statement.where(moments.c.journal_id == query.journal_id)
        if query.kind is not None:
            statement = statement.where(media.c.kind == query.kind)
        rows = self._connection.execute(statement, values)
        return [ShelvedMedium(media_record(row[:-2]), row[-2], row[-1]) for row in rows]

    def same_source(self, source_sha256: str, *, hold: bool = False) -> list[MediaRecord]:
        """See `Media`."""
        keys = {"user": self._bound.user_id, "source": source_sha256}
        return media_records(self._connection.execute(_HELD if hold else _SAME_SOURCE, keys))

    def usage(self) -> MediaUsage:
        """See `Media`."""
        row = self._connection.execute(_USAGE, {"user": self._bound.user_id}).one()
        return MediaUsage(int(row[0]), int(row[1]))

    def add(self, medium: MediaRecord) -> None:
        """See `Media`."""
        row = {**medium, "user_id": self._bound.user_id, "variants": _packed(medium["variants"])}
        try:
            self._connection.execute(insert(media), row)
        except IntegrityError as error:
            raise Conflict("This entry has this file already.") from error

    def change(self, media_id: str, changes: Mapping[str, Any], at: str) -> bool:
        """See `Media`."""
        columns = {**changes, "updated_at": at}
        if "variants" in columns:
            columns["variants"] = _packed(columns["variants"])
        keys = {"user": self._bound.user_id, "medium": media_id}
        return bool(self._connection.execute(_CHANGE.values(**columns), keys).rowcount)

    def delete(self, media_id: str) -> bool:
        """See `Media`."""
        if self.get(media_id) is None:
            return False
        keys = {"user": self._bound.user_id, "medium": media_id}
        media_waste.mark_media(self._connection, _MINE, _ONE, **keys)
        self._connection.execute(_DELETE, keys)
        media_waste.keep_used(self._connection)
        return True

    def discard(self, key: str) -> None:
        """See `Media`."""
        mark = media_waste.insert_or_ignore(self._connection)
        self._connection.execute(mark, {"user_id": self._bound.user_id, "key": key})
        media_waste.keep_used(self._connection)

    def first_of_days(self, start_date: str, end_date: str) -> Mapping[str, MediaRecord]:
        """See `Media`."""
        values = {"user": self._bound.user_id, "start": start_date, "end": end_date}
        rows = self._connection.execute(_OF_DAYS, values)
        return {row[-1]: media_record(row[:-1]) for row in rows}  # the first of a day comes last

    def first_between(self, start_at: str, end_at: str) -> Mapping[str, MediaRecord]:
        """See `Media`."""
        values = {"user": self._bound.user_id, "start": start_at, "end": end_at}
        records = (media_record(row[:-1]) for row in self._connection.execute(_BETWEEN, values))
        return {record["entry_id"]: record for record in records}


def media_record(row: Sequence[Any]) -> MediaRecord:
    """Turn one row of `MEDIA_COLUMNS` into a record."""
    values = list(row)
    values[_VARIANTS] = orjson.loads(values[_VARIANTS]) if values[_VARIANTS] else {}
    return cast("MediaRecord", dict(zip(_KEYS, values, strict=True)))


def media_records(rows: Iterable[Sequence[Any]]) -> list[MediaRecord]:
    """Turn rows of `MEDIA_COLUMNS` into records."""
    return [media_record(row) for row in rows]


def _packed(variants: Mapping[str, Any]) -> str | None:
    return orjson.dumps(variants, option=orjson.OPT_SORT_KEYS).decode() if variants else None
