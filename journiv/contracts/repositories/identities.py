"""Ways to sign in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from journiv.contracts.records import IdentityRecord


class Identities(ABC):
    """Proofs that accounts accept. Needs `SystemScope`."""

    @abstractmethod
    def find(self, provider: str, subject: str) -> IdentityRecord | None:
        """Return the identity of that provider and subject."""

    @abstractmethod
    def of_user(self, user_id: str) -> list[IdentityRecord]:
        """Return every identity of an account, oldest first."""

    @abstractmethod
    def providers(self, user_ids: list[str]) -> dict[str, list[str]]:
        """Map each of these accounts to the names of its providers."""

    @abstractmethod
    def of_provider(self, provider: str) -> list[IdentityRecord]:
        """Return every identity of a provider whose account can sign in."""

    @abstractmethod
    def add(self, identity: IdentityRecord) -> None:
        """Store an identity. Raises `Conflict` when (provider, subject) is taken."""

    @abstractmethod
    def set_data(self, identity_id: str, data: Mapping[str, Any], at: str) -> None:
        """Replace what the provider keeps with an identity."""

    @abstractmethod
    def set_subject(self, identity_id: str, subject: str, at: str) -> None:
        """Rename an identity. Raises `Conflict` when the subject is taken."""

    @abstractmethod
    def delete(self, identity_id: str) -> bool:
        """Forget an identity."""
