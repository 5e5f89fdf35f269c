"""Identities in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import orjson
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from journiv.contracts.records import IdentityRecord
from journiv.contracts.repositories.identities import Identities
from journiv.domain.errors import Conflict
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import identities, users

TAKEN: Final = "This way of signing in belongs to another account"

_SELECT = select(
    identities.c.id,
    identities.c.user_id,
    identities.c.provider,
    identities.c.subject,
    identities.c.data,
    identities.c.created_at,
    identities.c.updated_at,
)
_FIND = _SELECT.where(
    identities.c.provider == bindparam("provider"), identities.c.subject == bindparam("subject")
)
_OF_USER = _SELECT.where(identities.c.user_id == bindparam("user_id")).order_by(
    identities.c.created_at, identities.c.id
)
_OF_PROVIDER = (
    _SELECT.join(users, users.c.id == identities.c.user_id)
    .where(identities.c.provider == bindparam("provider"), users.c.is_active)
    .order_by(identities.c.id)
)
_PROVIDERS = (
    select(identities.c.user_id, identities.c.provider)
    .where(identities.c.user_id.in_(bindparam("user_ids", expanding=True)))
    .order_by(identities.c.user_id, identities.c.created_at, identities.c.id)
)
_INSERT = insert(identities)
_UPDATE = update(identities).where(identities.c.id == bindparam("row_id"))
_DELETE = delete(identities).where(identities.c.id == bindparam("row_id"))
_KEYS: Final = tuple(IdentityRecord.__annotations__)


class SqlIdentities(Identities):
    """See `Identities`. `data` is kept as JSON text."""

    def __init__(self, bound: Bound) -> None:
        bound.require_system()
        self._connection = bound.connection

    def find(self, provider: str, subject: str) -> IdentityRecord | None:
        """See `Identities`."""
        row = self._connection.execute(_FIND, {"provider": provider, "subject": subject}).first()
        return None if row is None else _record(row)

    def of_user(self, user_id: str) -> list[IdentityRecord]:
        """See `Identities`."""
        return [_record(row) for row in self._connection.execute(_OF_USER, {"user_id": user_id})]

    def providers(self, user_ids: list[str]) -> dict[str, list[str]]:
        """See `Identities`."""
        found: dict[str, list[str]] = {user_id: [] for user_id in user_ids}
        for user_id, provider in self._connection.execute(_PROVIDERS, {"user_ids": user_ids}):
            if provider not in found[user_id]:
                found[user_id].append(provider)
        return found

    def of_provider(self, provider: str) -> list[IdentityRecord]:
        """See `Identities`."""
        rows = self._connection.execute(_OF_PROVIDER, {"provider": provider})
        return [_record(row) for row in rows]

    def add(self, identity: IdentityRecord) -> None:
        """See `Identities`."""
        columns = {**identity, "data": orjson.dumps(identity["data"]).decode()}
        try:
            self._connection.execute(_INSERT, columns)
        except IntegrityError as error:
            raise Conflict(TAKEN) from error

    def set_data(self, identity_id: str, data: Mapping[str, Any], at: str) -> None:
        """See `Identities`."""
        text = orjson.dumps(dict(data)).decode()
        statement = _UPDATE.values(data=text, updated_at=at)
        self._connection.execute(statement, {"row_id": identity_id})

    def set_subject(self, identity_id: str, subject: str, at: str) -> None:
        """See `Identities`."""
        statement = _UPDATE.values(subject=subject, updated_at=at)
        try:
            self._connection.execute(statement, {"row_id": identity_id})
        except IntegrityError as error:
            raise Conflict(TAKEN) from error

    def delete(self, identity_id: str) -> bool:
        """See `Identities`."""
        return self._connection.execute(_DELETE, {"row_id": identity_id}).rowcount > 0


def _record(row: Sequence[Any]) -> IdentityRecord:
    record = dict(zip(_KEYS, row, strict=True))
    record["data"] = orjson.loads(record["data"])
    return cast("IdentityRecord", record)
