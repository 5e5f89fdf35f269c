"""Which reads are one statement, and so need no transaction to see one state of the database.

It cannot be seen beforehand. Each read is tried as one; when it asks for a second statement, it
runs again from the start in a snapshot, and so does every later unit with the same code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any


class SingleReads:
    """Remembers the code of units that are no single reads.

    `enabled` is False behind a transaction pooler, where only a transaction's own beginning can set
    time-outs and refuse to write.
    """

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._others: set[object] = set()

    def may_be(self, work: Callable[..., Any]) -> bool:
        """Say whether it is worth to try a unit without a transaction."""
        return self._enabled and _code(work) not in self._others

    def is_not(self, work: Callable[..., Any]) -> None:
        """Remember a unit that asked for a second statement."""
        self._others.add(_code(work))


def _code(work: Callable[..., Any]) -> object:
    """Return what all closures of one function have in common."""
    function = work.func if isinstance(work, partial) else work
    return getattr(function, "__code__", function)
