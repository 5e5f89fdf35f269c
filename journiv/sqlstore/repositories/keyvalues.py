"""KeyValues in SQL."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update

from journiv.contracts.repositories.keyvalues import KeyValues
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import key_values

_HERE: Final = and_(
    key_values.c.namespace == bindparam("in_namespace"), key_values.c.key == bindparam("at_key")
)
_LIVE: Final = or_(key_values.c.expires_at.is_(None), key_values.c.expires_at > bindparam("now"))
_GET: Final = select(key_values.c.value).where(_HERE, _LIVE)
_STARTS: Final = func.substr(key_values.c.key, 1, bindparam("length")) == bindparam("prefix")
_ITEMS: Final = (
    select(key_values.c.key, key_values.c.value)
    .where(key_values.c.namespace == bindparam("in_namespace"), _STARTS, _LIVE)
    .order_by(key_values.c.key)
)
_CHANGE: Final = (
    update(key_values)
    .where(_HERE)
    .values(value=bindparam("new_value"), expires_at=bindparam("until"))
)
_ADD: Final = insert(key_values).values(
    namespace=bindparam("in_namespace"),
    key=bindparam("at_key"),
    value=bindparam("new_value"),
    expires_at=bindparam("until"),
)
_TAKE: Final = delete(key_values).where(_HERE, _LIVE).returning(key_values.c.value)
_DELETE: Final = delete(key_values).where(_HERE)
_PURGE: Final = delete(key_values).where(key_values.c.expires_at <= bindparam("now"))


class SqlKeyValues(KeyValues):
    """See `KeyValues`."""

    def __init__(self, bound: Bound) -> None:
        bound.require_system()
        self._connection = bound.connection

    def get(self, namespace: str, key: str, now: str) -> Any | None:
        """See `KeyValues.get`."""
        place = {"in_namespace": namespace, "at_key": key, "now": now}
        value = self._connection.execute(_GET, place).scalar()
        return None if value is None else json.loads(value)

    def items(self, namespace: str, prefix: str, now: str) -> list[tuple[str, Any]]:
        """See `KeyValues.items`."""
        place = {
            "in_namespace": namespace,
            "prefix": prefix,
            "length": len(prefix),
            "now": now,
        }
        rows = self._connection.execute(_ITEMS, place)
        return [(key, json.loads(value)) for key, value in rows]

    def put(self, namespace: str, key: str, value: Any, expires_at: str | None = None) -> None:
        """See `KeyValues.put`."""
        row = {
            "in_namespace": namespace,
            "at_key": key,
            "new_value": json.dumps(value),
            "until": expires_at,
        }
        if self._connection.execute(_CHANGE, row).rowcount == 0:
            self._connection.execute(_ADD, row)

    def take(self, namespace: str, key: str, now: str) -> Any | None:
        """See `KeyValues.take`."""
        place = {"in_namespace": namespace, "at_key": key, "now": now}
        value = self._connection.execute(_TAKE, place).scalar()
        return None if value is None else json.loads(value)

    def delete(self, namespace: str, key: str) -> bool:
        """See `KeyValues.delete`."""
        place = {"in_namespace": namespace, "at_key": key}
        return self._connection.execute(_DELETE, place).rowcount == 1

    def purge(self, now: str) -> int:
        """See `KeyValues.purge`."""
        return self._connection.execute(_PURGE, {"now": now}).rowcount
