"""Timeline in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.timeline import Timeline
from journiv.sqlstore.bound import Bound


class SqlTimeline(Timeline):
    """See `Timeline`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
