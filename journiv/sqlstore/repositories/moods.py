"""Moods in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.moods import Moods
from journiv.sqlstore.bound import Bound


class SqlMoods(Moods):
    """See `Moods`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
