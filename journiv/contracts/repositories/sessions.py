"""Sign-ins and their refresh families."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from journiv.contracts.records import SessionRecord, UserRecord


class Sessions(ABC):
    """Sessions of every account. Needs `SystemScope`; callers check whose a session is."""

    @abstractmethod
    def get(self, session_id: str) -> SessionRecord | None:
        """Return a session, revoked or not."""

    @abstractmethod
    def with_user(self, session_id: str) -> tuple[SessionRecord, UserRecord] | None:
        """Return a session and its account in one read: what each request is checked against."""

    @abstractmethod
    def of_user(self, user_id: str) -> list[SessionRecord]:
        """Return the live sessions of an account, most recently seen first."""

    @abstractmethod
    def add(self, session: SessionRecord) -> None:
        """Store a session."""

    @abstractmethod
    def change(
        self, session_id: str, changes: Mapping[str, Any], *, generation: int | None = None
    ) -> bool:
        """Write the given columns; with `generation`, only when it still is that (swap)."""

    @abstractmethod
    def revoke(self, session_id: str, at: str, reason: str) -> bool:
        """End one session; False when it does not exist or has ended."""

    @abstractmethod
    def revoke_all(self, user_id: str, at: str, reason: str, *, keep: str | None = None) -> int:
        """End every session of an account, but `keep`; return how many ended."""

    @abstractmethod
    def count_unrotated(self, before: str, now: str) -> int:
        """Count live adaptive sessions that are older than `before` and never rotated."""

    @abstractmethod
    def purge(self, before: str) -> int:
        """Delete sessions that expired or ended before an instant; return how many."""
