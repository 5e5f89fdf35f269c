"""Links that work once: only a hash of what they hold is stored, until they run out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from journiv.contracts.storage import Transaction
from journiv.domain.clock import instant


@dataclass(frozen=True, slots=True)
class Link:
    """A link to hand over. What opens it stands behind `#`, which browsers send to no server."""

    token: str = field(repr=False)
    url: str = field(repr=False)
    expires_at: str


class OneTime:
    """The links of one kind, in a namespace of the small store (needs `SystemScope`)."""

    def __init__(self, namespace: str, prefix: str, page: str) -> None:
        self._namespace = namespace
        self._prefix = prefix
        self._page = page

    def make(self, expires_at: datetime) -> Link:
        """Make a link with 256 random bits. Nothing is stored yet."""
        token = self._prefix + secrets.token_urlsafe(32)
        return Link(token, f"{self._page}#{token}", instant(expires_at))

    def put(self, tx: Transaction, link: Link, value: Any) -> None:
        """Store what a link stands for."""
        tx.kv.put(self._namespace, _digest(link.token), value, link.expires_at)

    def get(self, tx: Transaction, token: str, now: str) -> Any | None:
        """Return what a link stands for, None when it is used up, run out or unknown."""
        return tx.kv.get(self._namespace, _digest(token), now)

    def take(self, tx: Transaction, token: str, now: str) -> Any | None:
        """Return what a link stands for and use it up: of several callers one gets it."""
        return tx.kv.take(self._namespace, _digest(token), now)

    def open(self, tx: Transaction, now: str) -> list[tuple[str, Any]]:
        """Return the key and value of every link that still works."""
        return tx.kv.items(self._namespace, "", now)

    def forget(self, tx: Transaction, key: str) -> bool:
        """Delete a link by its key."""
        return tx.kv.delete(self._namespace, key)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
