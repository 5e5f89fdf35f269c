"""Personal access tokens in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import bindparam, delete, insert, select, update

from journiv.contracts.records import AccessTokenRecord, UserRecord
from journiv.contracts.repositories.access_tokens import AccessTokens
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.repositories.users import USER_COLUMNS, USERS_WITH_ZONE, user_record
from journiv.sqlstore.tables import access_tokens, users

_KEYS: Final = tuple(AccessTokenRecord.__annotations__)
_COLUMNS: Final = tuple(access_tokens.c[key] for key in _KEYS)
_WIDTH: Final = len(_COLUMNS)

_BY_ID = access_tokens.c.id == bindparam("token_id")
_BY_HASH = select(*_COLUMNS).where(access_tokens.c.token_hash == bindparam("hash"))
_WITH_USER = (
    select(*_COLUMNS, *USER_COLUMNS)
    .select_from(USERS_WITH_ZONE.join(access_tokens, access_tokens.c.user_id == users.c.id))
    .where(_BY_ID)
)
_OF_USER = (
    select(*_COLUMNS)
    .where(access_tokens.c.user_id == bindparam("owner"))
    .order_by(access_tokens.c.created_at.desc(), access_tokens.c.id.desc())
)
_INSERT = insert(access_tokens)
_USED = update(access_tokens).where(_BY_ID).values(last_used_at=bindparam("at"))
_DELETE_ALL = delete(access_tokens).where(access_tokens.c.user_id == bindparam("owner"))
_DELETE = _DELETE_ALL.where(_BY_ID)
_PURGE = delete(access_tokens).where(access_tokens.c.expires_at < bindparam("before"))


class SqlAccessTokens(AccessTokens):
    """See `AccessTokens`."""

    def __init__(self, bound: Bound) -> None:
        bound.require_system()
        self._connection = bound.connection

    def by_hash(self, token_hash: str) -> AccessTokenRecord | None:
        """See `AccessTokens`."""
        row = self._connection.execute(_BY_HASH, {"hash": token_hash}).first()
        return None if row is None else _record(row)

    def with_user(self, token_id: str) -> tuple[AccessTokenRecord, UserRecord] | None:
        """See `AccessTokens`."""
        row = self._connection.execute(_WITH_USER, {"token_id": token_id}).first()
        return None if row is None else (_record(row[:_WIDTH]), user_record(row[_WIDTH:]))

    def of_user(self, user_id: str) -> list[AccessTokenRecord]:
        """See `AccessTokens`."""
        return [_record(row) for row in self._connection.execute(_OF_USER, {"owner": user_id})]

    def add(self, token: AccessTokenRecord) -> None:
        """See `AccessTokens`."""
        self._connection.execute(_INSERT, dict(token))

    def used(self, token_id: str, at: str) -> None:
        """See `AccessTokens`."""
        self._connection.execute(_USED, {"token_id": token_id, "at": at})

    def delete(self, user_id: str, token_id: str) -> bool:
        """See `AccessTokens`."""
        values = {"owner": user_id, "token_id": token_id}
        return self._connection.execute(_DELETE, values).rowcount > 0

    def delete_all(self, user_id: str) -> int:
        """See `AccessTokens`."""
        return self._connection.execute(_DELETE_ALL, {"owner": user_id}).rowcount

    def purge(self, before: str) -> int:
        """See `AccessTokens`."""
        return self._connection.execute(_PURGE, {"before": before}).rowcount


def _record(row: Sequence[Any]) -> AccessTokenRecord:
    return cast("AccessTokenRecord", dict(zip(_KEYS, row, strict=True)))
