"""Moods of other programs: by name, as the person chooses, or by how good they are."""

from __future__ import annotations

import pytest

from journiv.contracts.repositories.entries import Page
from journiv.contracts.repositories.mood_logs import MoodLogFilter
from journiv.contracts.storage import Store
from journiv.domain.clock import SystemClock
from journiv.domain.errors import BadRequest
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.journal.catalogue import mood_records
from journiv.services.transfer.imports import ImportService, ImportTarget
from tests.transfer.test_imports import NOWHERE, ListImporter, record


async def moods_of(
    store: Store, user: UserScope, chosen: dict[str, str], **fields: object
) -> tuple[str | None, tuple[str, ...]]:
    """The name of the mood that an entry gets, and the names that are told to be unknown."""
    moods = mood_records("2024-01-01T00:00:00.000000Z")
    await store.write(SYSTEM, lambda tx: tx.moods.plant(moods))
    target = ImportTarget(zone="UTC", moods=chosen)
    importer = ListImporter(record("one", **fields))
    report = await ImportService(store, SystemClock()).run(user, importer, NOWHERE, target)
    logs = await store.read(user, lambda tx: tx.mood_logs.page(MoodLogFilter(), Page()))
    return next((log["mood"]["name"] for log in logs), None), report.unknown_moods


@pytest.mark.parametrize(
    ("chosen", "name", "score", "mood", "unknown"),
    [
        ({}, "CALM", None, "Calm", ()),
        ({}, "wistful", None, None, ("wistful",)),
        ({}, "rad", 5, "Happy", ()),
        ({}, "good", 4, "Calm", ()),
        ({}, "meh", 3, "Neutral", ()),
        ({}, "bad", 2, "Sad", ()),
        ({}, "awful", 1, "Stressed", ()),
        ({}, "Grateful", 1, "Grateful", ()),
        ({}, "odd", 9, None, ("odd",)),
        ({" Wistful": "lonely "}, "wistful", None, "Lonely", ()),
        ({"rad": "Excited"}, "rad", 5, "Excited", ()),
        ({"calm": "Relaxed"}, "Calm", None, "Relaxed", ()),
    ],
)
async def test_an_entry_gets_the_mood_its_name_or_its_score_stands_for(
    store: Store,
    user: UserScope,
    chosen: dict[str, str],
    name: str,
    score: int | None,
    mood: str | None,
    unknown: tuple[str, ...],
) -> None:
    found = await moods_of(store, user, chosen, mood=name, mood_score=score)
    assert found == (mood, unknown)


async def test_a_chosen_mood_that_is_not_there_ends_the_import(
    store: Store, user: UserScope
) -> None:
    with pytest.raises(BadRequest, match="There is no mood 'Bliss' here for 'rad'"):
        await moods_of(store, user, {"rad": "Bliss"}, mood="rad")
