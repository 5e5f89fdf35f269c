"""Replies in SQL."""

from __future__ import annotations

from typing import Final, cast

from sqlalchemy import bindparam, delete, exists, insert, select, update

from journiv.contracts.records import ReplyRecord
from journiv.contracts.repositories.replies import BEGUN, Replies
from journiv.domain.errors import Conflict
from journiv.domain.scope import Once
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
_ANSWER: Final = (
    update(replies)
    .where(
        replies.c.user_id == bindparam("owner"),
        replies.c.key == bindparam("named"),
        replies.c.status == BEGUN,
    )
    .values(status=bindparam("answered"), body=bindparam("text"))
)
_FORGET: Final = delete(replies).where(*_KEPT)
_WITHDRAW: Final = _FORGET.where(replies.c.status == BEGUN, replies.c.body == bindparam("attempt"))
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

    def begin(self, once: Once) -> None:
        """See `Replies.begin`. The body of a mark is its attempt."""
        known = self.get(once.key)
        if known is None:
            mark = {
                "user_id": self._bound.user_id,
                "key": once.key,
                "request_hash": once.request_hash,
                "status": BEGUN,
                "body": once.attempt,
                "created_at": once.at,
            }
            self._bound.connection.execute(_PUT, mark)
        elif (known["status"], known["body"]) != (BEGUN, once.attempt):
            raise Conflict("Another request with the same key has just been carried out")

    def put(self, reply: ReplyRecord) -> None:
        """See `Replies.put`."""
        place = {"user_id": self._bound.user_id, "key": reply["key"]}
        answer = {
            "owner": place["user_id"],
            "named": place["key"],
            "answered": reply["status"],
            "text": reply["body"],
        }
        if self._bound.connection.execute(_ANSWER, answer).rowcount:
            return
        if not self._bound.connection.execute(_KNOWN, place).scalar():
            self._bound.connection.execute(_PUT, {**reply, "user_id": place["user_id"]})

    def forget(self, key: str, attempt: str | None = None) -> None:
        """See `Replies.forget`."""
        place = {"user_id": self._bound.user_id, "key": key}
        if attempt is None:
            self._bound.connection.execute(_FORGET, place)
        else:
            self._bound.connection.execute(_WITHDRAW, {**place, "attempt": attempt})

    def purge(self, before: str) -> int:
        """See `Replies.purge`."""
        self._bound.require_system()
        return self._bound.connection.execute(_PURGE, {"before": before}).rowcount
