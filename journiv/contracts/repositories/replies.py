"""Answers kept for `Idempotency-Key`."""

from __future__ import annotations

from abc import ABC, abstractmethod

from journiv.contracts.records import ReplyRecord


class Replies(ABC):
    """Kept answers of the scope's person."""

    @abstractmethod
    def get(self, key: str) -> ReplyRecord | None:
        """Return the answer kept under a key."""

    @abstractmethod
    def put(self, reply: ReplyRecord) -> None:
        """Keep an answer; the first one under a key stays."""

    @abstractmethod
    def purge(self, before: str) -> int:
        """Delete everybody's answers kept before an instant. Needs `SystemScope`."""
