"""Sessions in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.sessions import Sessions
from journiv.sqlstore.bound import Bound


class SqlSessions(Sessions):
    """See `Sessions`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
