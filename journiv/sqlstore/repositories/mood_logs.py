"""MoodLogs in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.mood_logs import MoodLogs
from journiv.sqlstore.bound import Bound


class SqlMoodLogs(MoodLogs):
    """See `MoodLogs`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
