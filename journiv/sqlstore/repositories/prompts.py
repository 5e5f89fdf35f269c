"""Prompts in SQL."""

from __future__ import annotations

from journiv.contracts.repositories.prompts import Prompts
from journiv.sqlstore.bound import Bound


class SqlPrompts(Prompts):
    """See `Prompts`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
