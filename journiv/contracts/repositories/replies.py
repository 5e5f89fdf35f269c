"""Answers kept for `Idempotency-Key`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

from journiv.contracts.records import ReplyRecord
from journiv.domain.scope import Once

BEGUN: Final = 0
"""The status of a reply whose request has been carried out, but whose answer is not there."""


class Replies(ABC):
    """Kept answers of the scope's person."""

    @abstractmethod
    def begin(self, once: Once) -> None:
        """Mark a request as carried out, beside what it writes, until its answer is put.

        Raises `Conflict` when another attempt was first.
        """

    @abstractmethod
    def get(self, key: str) -> ReplyRecord | None:
        """Return the answer kept under a key."""

    @abstractmethod
    def put(self, reply: ReplyRecord) -> None:
        """Keep an answer, in place of the mark of its request; the first answer stays."""

    @abstractmethod
    def forget(self, key: str, attempt: str | None = None) -> None:
        """Delete the answer kept under a key; with `attempt`, only the mark of that attempt."""

    @abstractmethod
    def purge(self, before: str) -> int:
        """Delete everybody's answers kept before an instant. Needs `SystemScope`."""
