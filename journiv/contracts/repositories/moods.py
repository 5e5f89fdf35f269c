"""The catalogue of moods."""

from __future__ import annotations

from abc import ABC, abstractmethod

from journiv.contracts.records import MoodRecord


class Moods(ABC):
    """Moods everybody shares."""

    @abstractmethod
    def all(self, category: str | None = None) -> list[MoodRecord]:
        """Return moods by category, then name."""

    @abstractmethod
    def get(self, mood_id: str) -> MoodRecord | None:
        """Return a mood."""

    @abstractmethod
    def plant(self, moods: list[MoodRecord]) -> None:
        """Store the catalogue: new moods are added, known ids updated. Needs `SystemScope`."""
