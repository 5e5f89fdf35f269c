"""Users in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.users import Users
from journiv.sqlstore.bound import Bound


class SqlUsers(Users):
    """See `Users`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
