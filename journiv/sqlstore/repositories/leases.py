"""Leases in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.leases import Leases
from journiv.sqlstore.bound import Bound


class SqlLeases(Leases):
    """See `Leases`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
