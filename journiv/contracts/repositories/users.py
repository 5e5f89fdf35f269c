"""Accounts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from journiv.contracts.records import UserRecord


class Users(ABC):
    """Accounts of the installation. Needs `SystemScope`, except `get` of one's own id."""

    @abstractmethod
    def get(self, user_id: str) -> UserRecord | None:
        """Return an account by id."""

    @abstractmethod
    def by_email(self, email: str) -> UserRecord | None:
        """Return an account by its normalised (trimmed, lower-case) address."""

    @abstractmethod
    def page(self, limit: int, offset: int) -> list[UserRecord]:
        """Return accounts, newest first."""

    @abstractmethod
    def count(self) -> int:
        """Count all accounts."""

    @abstractmethod
    def count_active_admins(self) -> int:
        """Count administrators who can sign in."""

    @abstractmethod
    def add(self, user: UserRecord) -> None:
        """Store an account. Raises `Conflict` when the address is taken."""

    @abstractmethod
    def change(self, user_id: str, changes: Mapping[str, Any]) -> UserRecord | None:
        """Write the given columns and return the account, or None when there is none."""

    @abstractmethod
    def delete(self, user_id: str) -> bool:
        """Delete an account and everything it owns, search index and rollups included."""
