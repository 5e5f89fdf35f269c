"""Replies in SQL."""

from __future__ import annotations

from typing import Final, cast

from sqlalchemy import bindparam, delete, exists, insert, select

from journiv.contracts.records import ReplyRecord
from journiv.contracts.repositories.replies import Replies
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import replies

_KEPT: Final = (replies.c.user_id == bindparam("user_id"), replies.c.key == bindparam("key"))
_COLUMNS: Final = (
    replies.c.key,
    replies.c.request_hash,
    replies.c.status,
    replies.c.body,
    replies.c.created_at,
)
_GET: Final = select(*_COLUMNS).where(*_KEPT)
_KNOWN: Final = select(exists().where(*_KEPT))
_PUT: Final = insert(replies)
_PURGE: Final = delete(replies).where(replies.c.created_at < bindparam("before"))


class SqlReplies(Replies):
    """See `Replies`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound

    def get(self, key: str) -> ReplyRecord | None:
        """See `Replies.get`."""
        place = {"user_id": self._bound.user_id, "key": key}
        row = self._bound.connection.execute(_GET, place).first()
        return None if row is None else cast("ReplyRecord", row._asdict())

    def put(self, reply: ReplyRecord) -> None:
        """See `Replies.put`."""
        place = {"user_id": self._bound.user_id, "key": reply["key"]}
        if not self._bound.connection.execute(_KNOWN, place).scalar():
            self._bound.connection.execute(_PUT, {**reply, "user_id": place["user_id"]})

    def purge(self, before: str) -> int:
        """See `Replies.purge`."""
        self._bound.require_system()
        return self._bound.connection.execute(_PURGE, {"before": before}).rowcount
