"""Planting the shared catalogue of moods and prompts."""

from __future__ import annotations

from journiv.contracts.records import MoodRecord, PromptRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.catalogue import CATALOGUE_VERSION, MOODS, PROMPTS
from journiv.domain.clock import Clock, instant
from journiv.domain.scope import SYSTEM


async def plant_catalogue(store: Store, clock: Clock) -> bool:
    """Store the seeds when the planted version is lower than this release's; say whether it was.

    Moods and prompts keep their ids, so planting again changes wordings and adds what is new.
    """
    at = instant(clock.now())

    def outdated(tx: Transaction) -> bool:
        return tx.installation.catalogue_version() < CATALOGUE_VERSION

    def plant(tx: Transaction) -> bool:
        if not outdated(tx):
            return False
        tx.moods.plant(mood_records(at))
        tx.prompts.plant(prompt_records(at))
        tx.installation.set_catalogue_version(CATALOGUE_VERSION)
        return True

    return await store.read(SYSTEM, outdated) and await store.write(SYSTEM, plant)


def mood_records(at: str) -> list[MoodRecord]:
    """Return the seed moods as records stamped with `at`."""
    return [
        MoodRecord(
            id=seed.id,
            name=seed.name,
            icon=seed.icon,
            category=seed.category,
            score=seed.score,
            created_at=at,
            updated_at=at,
        )
        for seed in MOODS
    ]


def prompt_records(at: str) -> list[PromptRecord]:
    """Return the seed prompts as records stamped with `at`."""
    return [
        PromptRecord(
            id=seed.id,
            text=seed.text,
            category=seed.category,
            difficulty_level=seed.difficulty,
            estimated_time_minutes=seed.minutes,
            is_active=True,
            usage_count=0,
            user_id=None,
            created_at=at,
            updated_at=at,
        )
        for seed in PROMPTS
    ]
