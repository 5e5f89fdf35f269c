"""KeyValues in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.keyvalues import KeyValues
from journiv.sqlstore.bound import Bound


class SqlKeyValues(KeyValues):
    """See `KeyValues`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
