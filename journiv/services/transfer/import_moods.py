"""Which mood of the catalogue an imported entry gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from journiv.contracts.records import MoodRecord
from journiv.domain.catalogue.moods import DEFAULT_MOODS
from journiv.domain.errors import BadRequest


@dataclass(frozen=True, slots=True)
class ImportMoods:
    """Ids of moods by lower-case name and, for names nobody knows here, by score."""

    by_name: Mapping[str, str]
    by_score: Mapping[int, str]

    def find(self, name: str | None, score: int | None) -> str | None:
        """Return the mood of that name; one of that score when there is none."""
        known = self.by_name.get(name.strip().lower()) if name else None
        return known or (self.by_score.get(score) if score is not None else None)


def import_moods(catalogue: list[MoodRecord], chosen: Mapping[str, str]) -> ImportMoods:
    """Return the moods by name; `chosen` says which mood here a name of the file stands for.

    Raises `BadRequest` when a chosen mood is not in the catalogue.
    """
    own = {mood["name"].lower(): mood["id"] for mood in catalogue}
    by_name = dict(own)
    for name, mood in chosen.items():
        if mood.strip().lower() not in own:
            raise BadRequest(f"There is no mood '{mood[:100]}' here for '{name[:100]}'.")
        by_name[name.strip().lower()] = own[mood.strip().lower()]
    defaults = ((score, own.get(name.lower())) for score, name in enumerate(DEFAULT_MOODS, 1))
    return ImportMoods(by_name, {score: mood_id for score, mood_id in defaults if mood_id})
