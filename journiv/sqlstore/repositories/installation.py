"""Installation in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.installation import Installation
from journiv.sqlstore.bound import Bound


class SqlInstallation(Installation):
    """See `Installation`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
