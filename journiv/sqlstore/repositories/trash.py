"""Trash in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.trash import Trash
from journiv.sqlstore.bound import Bound


class SqlTrash(Trash):
    """See `Trash`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
