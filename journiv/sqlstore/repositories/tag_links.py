"""Which entries carry which tags, with the rollups that follow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, and_, bindparam, delete, exists, insert, select

from journiv.contracts.records import TagLinkRecord
from journiv.sqlstore import rollups
from journiv.sqlstore.tables import entry_tags

_MINE = entry_tags.c.user_id == bindparam("owner")
_OF_TAG = and_(_MINE, entry_tags.c.tag_id == bindparam("tag"))
_OF_ENTRY = and_(_MINE, entry_tags.c.entry_id == bindparam("entry"))
_THERE = select(entry_tags.c.tag_id, entry_tags.c.created_at).where(_OF_ENTRY)
_INSERT = insert(entry_tags)
_DELETE = delete(entry_tags).where(_OF_ENTRY, entry_tags.c.tag_id == bindparam("tag"))
_DELETE_ALL = delete(entry_tags).where(_OF_TAG)

_target = bindparam("target", type_=entry_tags.c.tag_id.type)
_double = entry_tags.alias("double")
_COPY = insert(entry_tags).from_select(
    ["user_id", "entry_id", "tag_id", "created_at"],
    select(entry_tags.c.user_id, entry_tags.c.entry_id, _target, entry_tags.c.created_at).where(
        _OF_TAG,
        ~exists().where(
            _double.c.user_id == entry_tags.c.user_id,
            _double.c.entry_id == entry_tags.c.entry_id,
            _double.c.tag_id == _target,
        ),
    ),
)

_TAGGABLE: Final = ("entry", "draft")


class TagLinks:
    """Changes the links of one person's tags."""

    def __init__(self, connection: Connection, user_id: str) -> None:
        self._connection = connection
        self._owner = user_id

    def add(self, entry_id: str, tag_ids: Iterable[str], at: str) -> list[TagLinkRecord]:
        """Put tags on an entry or draft and return those links; nothing without such an entry."""
        before = rollups.snapshot(self._connection, self._owner, entry_id)
        if before is None or before.status not in _TAGGABLE:
            return []
        wanted = list(dict.fromkeys(tag_ids))
        missing = [tag_id for tag_id in wanted if tag_id not in before.tag_ids]
        if missing:
            rows = [
                {"user_id": self._owner, "entry_id": entry_id, "tag_id": tag_id, "created_at": at}
                for tag_id in missing
            ]
            self._connection.execute(_INSERT, rows)
            after = rollups.snapshot(self._connection, self._owner, entry_id)
            rollups.apply(self._connection, self._owner, before, after)
        there = self._connection.execute(_THERE, {"owner": self._owner, "entry": entry_id})
        made: dict[str, str] = dict(there.all())
        return [
            TagLinkRecord(
                entry_id=entry_id,
                tag_id=tag_id,
                created_at=made[tag_id],
                updated_at=made[tag_id],
            )
            for tag_id in wanted
        ]

    def remove(self, entry_id: str, tag_id: str) -> bool:
        """Take a tag off an entry or draft; say whether it was on it."""
        before = rollups.snapshot(self._connection, self._owner, entry_id)
        if before is None or before.status not in _TAGGABLE or tag_id not in before.tag_ids:
            return False
        keys = {"owner": self._owner, "entry": entry_id, "tag": tag_id}
        self._connection.execute(_DELETE, keys)
        after = rollups.snapshot(self._connection, self._owner, entry_id)
        rollups.apply(self._connection, self._owner, before, after)
        return True

    def move(self, source_id: str, target_id: str) -> None:
        """Give a tag the links of another, those in the trash too, and leave that one bare."""
        keys = {"owner": self._owner, "tag": source_id, "target": target_id}
        self._connection.execute(_COPY, keys)
        self.drop(source_id)
        rollups.recount_tag(self._connection, self._owner, target_id)

    def drop(self, tag_id: str) -> None:
        """Take a tag off everything."""
        self._connection.execute(_DELETE_ALL, {"owner": self._owner, "tag": tag_id})
        rollups.recount_tag(self._connection, self._owner, tag_id)
