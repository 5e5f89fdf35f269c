"""The audit log in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import BindParameter, bindparam, delete, func, insert, or_, select

from journiv.contracts.records import AuditRecord
from journiv.contracts.repositories.audit import AuditLog
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import audit

_KEYS: Final = tuple(AuditRecord.__annotations__)
_SELECT = select(*(audit.c[key] for key in _KEYS))
_LAST = _SELECT.order_by(audit.c.number.desc()).limit(1)
_PEOPLE: BindParameter[str] = bindparam("people", expanding=True)
_CONCERNING = (
    _SELECT.where(
        or_(audit.c.actor.in_(_PEOPLE), audit.c.object.in_(_PEOPLE)),
        audit.c.number < bindparam("below"),
    )
    .order_by(audit.c.number.desc())
    .limit(bindparam("most"))
)
_AFTER = (
    _SELECT.where(audit.c.number > bindparam("number"))
    .order_by(audit.c.number)
    .limit(bindparam("most"))
)
_COUNT = select(func.count()).where(
    audit.c.result == bindparam("told"), audit.c.at >= bindparam("since")
)
_INSERT = insert(audit)
_PURGE = delete(audit).where(
    audit.c.at < bindparam("before"),
    audit.c.number < select(func.max(audit.c.number)).scalar_subquery(),
)
_BEYOND_ALL: Final = 2**31 - 1


class SqlAuditLog(AuditLog):
    """See `AuditLog`."""

    def __init__(self, bound: Bound) -> None:
        bound.require_system()
        self._connection = bound.connection

    def last(self) -> AuditRecord | None:
        """See `AuditLog`."""
        row = self._connection.execute(_LAST).first()
        return None if row is None else _record(row)

    def add(self, row: AuditRecord) -> None:
        """See `AuditLog`."""
        self._connection.execute(_INSERT, dict(row))

    def concerning(self, people: list[str], limit: int, below: int | None) -> list[AuditRecord]:
        """See `AuditLog`."""
        values = {"people": people, "most": limit, "below": below or _BEYOND_ALL}
        return [_record(row) for row in self._connection.execute(_CONCERNING, values)]

    def after(self, number: int, limit: int) -> list[AuditRecord]:
        """See `AuditLog`."""
        values = {"number": number, "most": limit}
        return [_record(row) for row in self._connection.execute(_AFTER, values)]

    def count(self, result: str, since: str) -> int:
        """See `AuditLog`."""
        found = self._connection.execute(_COUNT, {"told": result, "since": since})
        return int(found.scalar_one())

    def purge(self, before: str) -> int:
        """See `AuditLog`."""
        return self._connection.execute(_PURGE, {"before": before}).rowcount


def _record(row: Sequence[Any]) -> AuditRecord:
    return cast("AuditRecord", dict(zip(_KEYS, row, strict=True)))
