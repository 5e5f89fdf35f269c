"""Carrying out a unit of work that writes: what every store does, whatever its database."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Connection

from journiv.contracts.storage import Work
from journiv.domain.scope import Scope, UserScope
from journiv.sqlstore.search import SearchIndex
from journiv.sqlstore.transaction import SqlTransaction

T = TypeVar("T")


def carry_out(connection: Connection, scope: Scope, search: SearchIndex, work: Work[T]) -> T:
    """Run a unit inside an open transaction and leave the mark of its request, if it has one."""
    tx = SqlTransaction(connection, scope, search)
    result = work(tx)
    if isinstance(scope, UserScope) and scope.once is not None:
        tx.replies.begin(scope.once)
    return result
