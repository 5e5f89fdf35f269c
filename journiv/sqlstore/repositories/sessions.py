"""Sessions in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from journiv.contracts.records import SessionRecord, UserRecord
from journiv.contracts.repositories.sessions import Sessions
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.repositories.users import USER_COLUMNS, USERS_WITH_ZONE, user_record
from journiv.sqlstore.tables import sessions, users

_KEYS: Final = tuple(SessionRecord.__annotations__)
_COLUMNS: Final = tuple(sessions.c[key] for key in _KEYS)
_WIDTH: Final = len(_COLUMNS)

_BY_ID = sessions.c.id == bindparam("session_id")
_LIVE = sessions.c.revoked_at.is_(None)
_GET = select(*_COLUMNS).where(_BY_ID)
_WITH_USER = (
    select(*_COLUMNS, *USER_COLUMNS)
    .select_from(USERS_WITH_ZONE.join(sessions, sessions.c.user_id == users.c.id))
    .where(_BY_ID)
)
_OF_USER = (
    select(*_COLUMNS)
    .where(sessions.c.user_id == bindparam("user_id"), _LIVE)
    .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
)
_INSERT = insert(sessions)
_UPDATE = update(sessions).where(_BY_ID)
_SWAP = _UPDATE.where(sessions.c.generation == bindparam("expected"))
_REVOKE = (
    update(sessions)
    .where(_BY_ID, _LIVE)
    .values(revoked_at=bindparam("at"), revoked_for=bindparam("reason"))
)
_REVOKE_ALL = (
    update(sessions)
    .where(sessions.c.user_id == bindparam("owner"), _LIVE)
    .values(revoked_at=bindparam("at"), revoked_for=bindparam("reason"))
)
_REVOKE_OTHERS = _REVOKE_ALL.where(sessions.c.id != bindparam("keep"))
_UNROTATED = select(func.count()).where(
    _LIVE,
    sessions.c.mode == "adaptive",
    sessions.c.created_at < bindparam("before"),
    sessions.c.expires_at > bindparam("now"),
    sessions.c.absolute_expires_at > bindparam("now"),
)
_PURGE = delete(sessions).where(
    or_(
        sessions.c.expires_at < bindparam("before"),
        sessions.c.absolute_expires_at < bindparam("before"),
        sessions.c.revoked_at < bindparam("before"),
    )
)


class SqlSessions(Sessions):
    """See `Sessions`."""

    def __init__(self, bound: Bound) -> None:
        bound.require_system()
        self._connection = bound.connection

    def get(self, session_id: str) -> SessionRecord | None:
        """See `Sessions`."""
        row = self._connection.execute(_GET, {"session_id": session_id}).first()
        return None if row is None else _record(row)

    def with_user(self, session_id: str) -> tuple[SessionRecord, UserRecord] | None:
        """See `Sessions`."""
        row = self._connection.execute(_WITH_USER, {"session_id": session_id}).first()
        return None if row is None else (_record(row[:_WIDTH]), user_record(row[_WIDTH:]))

    def of_user(self, user_id: str) -> list[SessionRecord]:
        """See `Sessions`."""
        return [_record(row) for row in self._connection.execute(_OF_USER, {"user_id": user_id})]

    def add(self, session: SessionRecord) -> None:
        """See `Sessions`."""
        self._connection.execute(_INSERT, dict(session))

    def change(
        self, session_id: str, changes: Mapping[str, Any], *, generation: int | None = None
    ) -> bool:
        """See `Sessions`."""
        values: dict[str, Any] = {"session_id": session_id}
        statement = _UPDATE
        if generation is not None:
            statement = _SWAP
            values["expected"] = generation
        return self._connection.execute(statement.values(**changes), values).rowcount > 0

    def revoke(self, session_id: str, at: str, reason: str) -> bool:
        """See `Sessions`."""
        values = {"session_id": session_id, "at": at, "reason": reason}
        return self._connection.execute(_REVOKE, values).rowcount > 0

    def revoke_all(self, user_id: str, at: str, reason: str, *, keep: str | None = None) -> int:
        """See `Sessions`."""
        values = {"owner": user_id, "at": at, "reason": reason}
        if keep is None:
            return self._connection.execute(_REVOKE_ALL, values).rowcount
        return self._connection.execute(_REVOKE_OTHERS, {**values, "keep": keep}).rowcount

    def count_unrotated(self, before: str, now: str) -> int:
        """See `Sessions`."""
        found = self._connection.execute(_UNROTATED, {"before": before, "now": now})
        return int(found.scalar_one())

    def purge(self, before: str) -> int:
        """See `Sessions`."""
        return self._connection.execute(_PURGE, {"before": before}).rowcount


def _record(row: Sequence[Any]) -> SessionRecord:
    return cast("SessionRecord", dict(zip(_KEYS, row, strict=True)))
