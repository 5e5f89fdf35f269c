"""Questions to write about."""

from __future__ import annotations

from abc import ABC, abstractmethod

from journiv.contracts.records import PromptRecord


class Prompts(ABC):
    """Active prompts of the catalogue, with how often the scope's person used each."""

    @abstractmethod
    def page(
        self, limit: int, *, category: str | None = None, difficulty: int | None = None
    ) -> list[PromptRecord]:
        """Return prompts, newest first."""

    @abstractmethod
    def get(self, prompt_id: str) -> PromptRecord | None:
        """Return a prompt."""

    @abstractmethod
    def search(self, text: str, limit: int) -> list[PromptRecord]:
        """Return prompts whose text holds a case-insensitive substring."""

    @abstractmethod
    def ids(self, *, category: str | None = None, difficulty: int | None = None) -> list[str]:
        """Return the ids of matching prompts in a stable order."""

    @abstractmethod
    def answered(self, prompt_id: str, day: str) -> bool:
        """Say whether an entry of that day uses the prompt."""

    @abstractmethod
    def plant(self, prompts: list[PromptRecord]) -> None:
        """Store the catalogue: new prompts are added, known ids updated. Needs `SystemScope`."""
