"""Personal access tokens."""

from __future__ import annotations

from abc import ABC, abstractmethod

from journiv.contracts.records import AccessTokenRecord, UserRecord


class AccessTokens(ABC):
    """Tokens of every account. Needs `SystemScope`; every change names the owner."""

    @abstractmethod
    def by_hash(self, token_hash: str) -> AccessTokenRecord | None:
        """Return the token whose SHA-256 (hex) this is."""

    @abstractmethod
    def with_user(self, token_id: str) -> tuple[AccessTokenRecord, UserRecord] | None:
        """Return a token and its account in one read."""

    @abstractmethod
    def of_user(self, user_id: str) -> list[AccessTokenRecord]:
        """Return the tokens of an account, newest first."""

    @abstractmethod
    def add(self, token: AccessTokenRecord) -> None:
        """Store a token."""

    @abstractmethod
    def used(self, token_id: str, at: str) -> None:
        """Note that a token was used."""

    @abstractmethod
    def delete(self, user_id: str, token_id: str) -> bool:
        """Delete a token of this account; False when it has none of that id."""

    @abstractmethod
    def delete_all(self, user_id: str) -> int:
        """Delete every token of an account; return how many."""

    @abstractmethod
    def purge(self, before: str) -> int:
        """Delete tokens that expired before an instant; return how many."""
