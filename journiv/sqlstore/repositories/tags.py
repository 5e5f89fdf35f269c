"""Tags in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.tags import Tags
from journiv.sqlstore.bound import Bound


class SqlTags(Tags):
    """See `Tags`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
