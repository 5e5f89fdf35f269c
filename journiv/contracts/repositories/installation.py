"""The one row about this installation."""

from __future__ import annotations

from abc import ABC, abstractmethod


class Installation(ABC):
    """What is true of the whole installation. Needs `SystemScope`."""

    @abstractmethod
    def id(self) -> str | None:
        """Return the installation's random id, or None before the first start."""

    @abstractmethod
    def claim(self, installation_id: str, at: str) -> None:
        """Store the id if there is none yet."""

    @abstractmethod
    def claim_first_admin(self, user_id: str, at: str) -> bool:
        """Take the one place of the first administrator; True for exactly one caller.

        The place is free again when no account exists any more.
        """

    @abstractmethod
    def catalogue_version(self) -> int:
        """Return which version of the moods and prompts is planted; 0 for none."""

    @abstractmethod
    def set_catalogue_version(self, version: int) -> None:
        """Note which version of the catalogue is planted."""

    @abstractmethod
    def flag(self, name: str) -> bool | None:
        """Return an administrator's switch, or None when it was never set."""

    @abstractmethod
    def set_flag(self, name: str, value: bool) -> None:
        """Set an administrator's switch."""
