"""Revisions in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.revisions import Revisions
from journiv.sqlstore.bound import Bound


class SqlRevisions(Revisions):
    """See `Revisions`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
