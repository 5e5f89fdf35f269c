"""What a repository works on: a connection, whose rows, and the search index."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from journiv.domain.scope import Scope, SystemScope, UserScope
from journiv.sqlstore.search import SearchIndex


@dataclass(frozen=True, slots=True)
class Bound:
    """Handed to every repository of a unit of work."""

    connection: Connection
    scope: Scope
    search: SearchIndex

    @property
    def user_id(self) -> str:
        """The person whose rows these are. Raises `RuntimeError` for `SystemScope`."""
        if isinstance(self.scope, UserScope):
            return self.scope.user_id
        raise RuntimeError("a person's data was asked for without saying whose")

    def require_system(self) -> None:
        """Raise `RuntimeError` unless the installation itself is asking."""
        if not isinstance(self.scope, SystemScope):
            raise RuntimeError("only the installation itself may do this")
