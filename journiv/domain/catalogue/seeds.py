"""What one mood and one prompt of the shared catalogue consist of."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

_NAMESPACE: Final = uuid.UUID("5a1c1d0e-6f7b-5c39-9b0f-0d6f2c6a7e11")


def seed_id(kind: str, key: str) -> str:
    """Return the id of a seed: the same on every installation (UUIDv5, RFC 9562 §5.5)."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{key}"))


@dataclass(frozen=True, slots=True)
class MoodSeed:
    """A mood; `score` runs from 1 (worst) to 5 (best)."""

    name: str
    icon: str
    category: str
    score: int

    @property
    def id(self) -> str:
        """The mood's fixed id."""
        return seed_id("mood", self.name)


@dataclass(frozen=True, slots=True)
class PromptSeed:
    """A question to write about.

    `key` is unique within the category and never changes, so that a better wording keeps its id.
    `difficulty` runs from 1 (light) to 3 (deep); `minutes` is how long an answer may take.
    """

    category: str
    key: str
    difficulty: int
    minutes: int
    text: str

    @property
    def id(self) -> str:
        """The prompt's fixed id."""
        return seed_id("prompt", f"{self.category}/{self.key}")
