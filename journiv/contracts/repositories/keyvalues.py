"""A small store for plugins."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class KeyValues(ABC):
    """JSON values by (namespace, key), so that plugins need no tables. Needs `SystemScope`."""

    @abstractmethod
    def get(self, namespace: str, key: str, now: str) -> Any | None:
        """Return a value that has not expired at `now`."""

    @abstractmethod
    def items(self, namespace: str, prefix: str, now: str) -> list[tuple[str, Any]]:
        """Return (key, value) of the keys that begin so and have not expired, in order of keys."""

    @abstractmethod
    def put(self, namespace: str, key: str, value: Any, expires_at: str | None = None) -> None:
        """Store a value, for ever or until an instant."""

    @abstractmethod
    def take(self, namespace: str, key: str, now: str) -> Any | None:
        """Return a value and delete it: of several callers one gets it."""

    @abstractmethod
    def delete(self, namespace: str, key: str) -> bool:
        """Forget a value."""

    @abstractmethod
    def purge(self, now: str) -> int:
        """Delete what has expired; return how many."""
