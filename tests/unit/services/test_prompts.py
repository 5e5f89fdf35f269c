from __future__ import annotations

import pytest

from journiv.contracts.storage import Store
from journiv.domain.catalogue import PROMPTS
from journiv.domain.errors import NotFound
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.journal.catalogue import plant_catalogue
from journiv.services.journal.prompts import PromptService, prompt_of_day
from tests.unit.services.diaries import StoppedClock, add_entry, add_journal, set_zone


@pytest.fixture
async def planted(store: Store) -> Store:
    await plant_catalogue(store, StoppedClock())
    return store


async def test_the_prompt_of_a_day_stays_the_same_all_day(planted: Store, user: UserScope) -> None:
    clock = StoppedClock("2026-03-15T00:00:00.000000Z")
    prompts = PromptService(planted, clock)
    morning = await prompts.daily(user)
    clock.at = "2026-03-15T23:59:59.999999Z"
    assert morning is not None
    assert await prompts.daily(user) == morning


def test_the_choice_of_a_day_is_a_fixed_function_of_person_and_day() -> None:
    ids = [str(number) for number in range(120)]
    assert prompt_of_day(ids, "someone", "2026-03-15") == "108"
    days = {prompt_of_day(ids, "someone", f"2026-03-{day:02}") for day in range(1, 31)}
    people = {prompt_of_day(ids, f"person {number}", "2026-03-15") for number in range(30)}
    assert len(days) > 15
    assert len(people) > 15


async def test_an_entry_of_the_local_day_answers_the_prompt(
    planted: Store, user: UserScope
) -> None:
    await set_zone(planted, user, "Pacific/Kiritimati")
    prompts = PromptService(planted, StoppedClock())
    prompt = await prompts.daily(user)
    assert prompt is not None
    journal = await add_journal(planted, user)
    await add_entry(planted, user, journal, prompt_id=prompt["id"], day="2026-03-15")
    assert await prompts.daily(user) == {**prompt, "usage_count": 1}
    await add_entry(planted, user, journal, prompt_id=prompt["id"], day="2026-03-16")
    assert await prompts.daily(user) is None


async def test_the_daily_prompt_of_an_empty_catalogue_is_nothing(
    store: Store, user: UserScope
) -> None:
    assert await PromptService(store, StoppedClock()).daily(user) is None


async def test_random_prompts_match_what_was_asked_for(planted: Store, user: UserScope) -> None:
    prompts = PromptService(planted, StoppedClock())
    for _ in range(5):
        found = await prompts.random(user, "DREAMS", 3)
        assert (found["category"], found["difficulty_level"]) == ("dreams", 3)
    with pytest.raises(NotFound, match="No prompts available"):
        await prompts.random(user, "dreams", 5)
    with pytest.raises(NotFound, match="Prompt not found"):
        await prompts.get(user, new_id())


async def test_statistics_keep_ones_own_prompts_and_the_catalogue_apart(
    planted: Store, user: UserScope
) -> None:
    journal = await add_journal(planted, user)
    for _ in range(2):
        await add_entry(planted, user, journal, prompt_id=PROMPTS[0].id)
    found = await PromptService(planted, StoppedClock()).statistics(user)
    shared = found["catalogue"]
    assert (found["total_prompts"], found["total_usage"], found["most_used_prompt"]) == (0, 0, None)
    assert (shared["total_prompts"], shared["active_prompts"]) == (120, 120)
    assert (shared["total_usage"], shared["average_usage"]) == (2, 0.02)
    assert shared["most_used_prompt"]["id"] == PROMPTS[0].id
    assert shared["difficulty_distribution"] == {"1": 35, "2": 60, "3": 25}
