from __future__ import annotations

from collections import Counter

from journiv.domain.catalogue import (
    DEFAULT_MOODS,
    MOOD_CATEGORIES,
    MOODS,
    PROMPT_CATEGORIES,
    PROMPTS,
    seed_id,
)


def test_there_are_twenty_moods_of_known_categories() -> None:
    found = Counter(mood.category for mood in MOODS)
    assert found == {"positive": 9, "negative": 7, "neutral": 4}
    assert tuple(found) == MOOD_CATEGORIES
    assert len({mood.name for mood in MOODS}) == len({mood.icon for mood in MOODS}) == 20


def test_every_score_has_one_default_mood() -> None:
    scores = {mood.name: mood.score for mood in MOODS}
    assert [scores[name] for name in DEFAULT_MOODS] == [1, 2, 3, 4, 5]


def test_twelve_categories_have_ten_prompts_each() -> None:
    found = Counter(prompt.category for prompt in PROMPTS)
    assert set(found.values()) == {10}
    assert set(found) == set(PROMPT_CATEGORIES[:12])


def test_prompts_are_spread_over_difficulties_and_minutes() -> None:
    assert Counter(prompt.difficulty for prompt in PROMPTS) == {1: 35, 2: 60, 3: 25}
    assert Counter(prompt.minutes for prompt in PROMPTS) == {5: 16, 10: 59, 15: 33, 20: 12}


def test_no_two_prompts_share_an_id_or_a_text() -> None:
    assert len({prompt.id for prompt in PROMPTS}) == 120
    assert len({prompt.text for prompt in PROMPTS}) == 120
    assert all(20 < len(prompt.text) <= 1000 for prompt in PROMPTS)


def test_ids_of_seeds_are_the_same_for_ever() -> None:
    assert seed_id("mood", "Calm") == MOODS[0].id == "6e76574b-25f1-5ec3-a648-3fa66ba03e19"
    assert PROMPTS[0].id == "f431680c-1ef9-55d1-a8d0-7c3df3029c44"
