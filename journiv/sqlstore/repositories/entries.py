"""Entries in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.entries import Entries
from journiv.sqlstore.bound import Bound


class SqlEntries(Entries):
    """See `Entries`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
