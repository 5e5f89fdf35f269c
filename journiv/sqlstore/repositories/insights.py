"""Insights in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.insights import Insights
from journiv.sqlstore.bound import Bound


class SqlInsights(Insights):
    """See `Insights`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
