"""Who writes at the same time: one unit of work for each person, one for the installation.

Repositories read and then write, as they may on SQLite, where there is one writer. Here an
advisory lock of the transaction keeps others of the same person out; people do not wait for each
other. A unit of `SystemScope` takes the installation's lock, and a person's when it turns to one:
always in this order, so two units never wait for each other.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Connection, bindparam, func, select

from journiv.contracts.storage import Transaction
from journiv.domain.scope import Scope, SystemScope, UserScope
from journiv.sqlstore.prepared import Prepared
from journiv.sqlstore.transaction import SqlTransaction

MIGRATION: Final = 0x6A726E76_00000001
_INSTALLATION: Final = 0x6A726E76_00000002

_LOCK: Final = Prepared(select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger))))


def lock(connection: Connection, number: int) -> None:
    """Wait for a lock that is let go when the transaction ends."""
    _LOCK.one(connection, {"number": number})


def number_of(scope: Scope) -> int:
    """Return the lock that keeps others from writing for this person, or for the installation."""
    return _INSTALLATION if isinstance(scope, SystemScope) else _of_user(scope.user_id)


class LockingTransaction(SqlTransaction):
    """A write: whoever it turns to is locked first."""

    def as_user(self, user_id: str) -> Transaction:
        """See `Transaction`."""
        transaction = super().as_user(user_id)
        lock(self.connection, number_of(UserScope(user_id)))
        return transaction


def _of_user(user_id: str) -> int:
    """Return 63 bits of an id; two people who share them only wait for each other."""
    return int(user_id.replace("-", "")[-16:], 16) >> 1
