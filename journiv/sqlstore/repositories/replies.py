"""Replies in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.replies import Replies
from journiv.sqlstore.bound import Bound


class SqlReplies(Replies):
    """See `Replies`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
