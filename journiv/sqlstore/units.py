"""Carrying out a unit of work that writes: what every store does, whatever its database."""

from __future__ import annotations

from typing import TypeVar

from journiv.contracts.storage import Work
from journiv.domain.scope import UserScope
from journiv.sqlstore.transaction import SqlTransaction

T = TypeVar("T")


def carry_out(tx: SqlTransaction, work: Work[T]) -> T:
    """Run a unit inside an open transaction and leave the mark of its request, if it has one."""
    result = work(tx)
    if isinstance(tx.scope, UserScope) and tx.scope.once is not None:
        tx.replies.begin(tx.scope.once)
    return result
