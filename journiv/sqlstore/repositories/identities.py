"""Identities in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.identities import Identities
from journiv.sqlstore.bound import Bound


class SqlIdentities(Identities):
    """See `Identities`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
