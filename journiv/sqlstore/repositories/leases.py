"""Leases in SQL."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, exists, insert, or_, select, update

from journiv.contracts.repositories.leases import Leases
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import leases

_NAMED: Final = leases.c.name == bindparam("lease")
_KNOWN: Final = select(exists().where(_NAMED))
_ADD: Final = insert(leases).values(name=bindparam("lease"))
_TAKE: Final = (
    update(leases)
    .where(
        _NAMED,
        or_(
            leases.c.owner.is_(None),
            leases.c.owner == bindparam("taker"),
            leases.c.until <= bindparam("now"),
        ),
    )
    .values(owner=bindparam("taker"), until=bindparam("new_until"))
)
_RELEASE: Final = (
    update(leases)
    .where(_NAMED, leases.c.owner == bindparam("holder"))
    .values(owner=None, until=None)
)
_IS_HELD: Final = select(
    exists().where(_NAMED, leases.c.owner.is_not(None), leases.c.until > bindparam("now"))
)
_LAST_RUN: Final = select(leases.c.last_run_at).where(_NAMED)
_SET_LAST_RUN: Final = update(leases).where(_NAMED).values(last_run_at=bindparam("finished"))


class SqlLeases(Leases):
    """See `Leases`."""

    def __init__(self, bound: Bound) -> None:
        bound.require_system()
        self._connection = bound.connection

    def take(self, name: str, owner: str, now: str, until: str) -> bool:
        """See `Leases.take`."""
        self._ensure(name)
        values = {"lease": name, "taker": owner, "now": now, "new_until": until}
        return self._connection.execute(_TAKE, values).rowcount == 1

    def release(self, name: str, owner: str) -> None:
        """See `Leases.release`."""
        self._connection.execute(_RELEASE, {"lease": name, "holder": owner})

    def is_held(self, name: str, now: str) -> bool:
        """See `Leases.is_held`."""
        found = self._connection.execute(_IS_HELD, {"lease": name, "now": now})
        return bool(found.scalar())

    def last_run(self, name: str) -> str | None:
        """See `Leases.last_run`."""
        return self._connection.execute(_LAST_RUN, {"lease": name}).scalar()

    def set_last_run(self, name: str, at: str) -> None:
        """See `Leases.set_last_run`."""
        self._ensure(name)
        self._connection.execute(_SET_LAST_RUN, {"lease": name, "finished": at})

    def _ensure(self, name: str) -> None:
        if not self._connection.execute(_KNOWN, {"lease": name}).scalar():
            self._connection.execute(_ADD, {"lease": name})
