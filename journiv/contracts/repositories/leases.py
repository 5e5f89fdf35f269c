"""Who runs a job."""

from __future__ import annotations

from abc import ABC, abstractmethod


class Leases(ABC):
    """Named leases, so that a job runs once per installation. Needs `SystemScope`."""

    @abstractmethod
    def take(self, name: str, owner: str, now: str, until: str) -> bool:
        """Take or prolong a lease; False while another owner's has not run out."""

    @abstractmethod
    def release(self, name: str, owner: str) -> None:
        """Give a lease back, if it is this owner's."""

    @abstractmethod
    def is_held(self, name: str, now: str) -> bool:
        """Say whether anybody has a lease that has not run out."""

    @abstractmethod
    def last_run(self, name: str) -> str | None:
        """Return when a job last finished."""

    @abstractmethod
    def set_last_run(self, name: str, at: str) -> None:
        """Note when a job finished."""
