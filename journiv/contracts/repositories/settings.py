"""A person's preferences."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from journiv.contracts.records import SettingsRecord


class Settings(ABC):
    """The preferences of the scope's person."""

    @abstractmethod
    def get(self) -> SettingsRecord | None:
        """Return the preferences, or None for an account that has none."""

    @abstractmethod
    def put(self, settings: SettingsRecord) -> None:
        """Store preferences, new or changed."""

    @abstractmethod
    def change(self, changes: Mapping[str, Any], at: str) -> SettingsRecord | None:
        """Write the given columns and return the preferences."""

    @abstractmethod
    def time_zone(self) -> str:
        """Return the person's zone; `UTC` when there are no preferences."""
