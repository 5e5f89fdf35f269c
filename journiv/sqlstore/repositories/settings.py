"""Settings in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.settings import Settings
from journiv.sqlstore.bound import Bound


class SqlSettings(Settings):
    """See `Settings`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
