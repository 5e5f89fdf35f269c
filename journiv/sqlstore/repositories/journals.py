"""Journals in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.journals import Journals
from journiv.sqlstore.bound import Bound


class SqlJournals(Journals):
    """See `Journals`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
