from __future__ import annotations

import pytest

from tests.api.conftest import NewUser
from tests.api.habits import MISSING, make_journal, write_entry


async def test_prompts_are_listed_and_narrowed(new_user: NewUser) -> None:
    person = await new_user()
    assert len((await person.get("/prompts/")).json) == 50
    assert len((await person.get("/prompts/?limit=100")).json) == 100
    dreams = (await person.get("/prompts/?category=Dreams&difficulty_level=3")).json
    assert {(one["category"], one["difficulty_level"]) for one in dreams} == {("dreams", 3)}
    assert (await person.get("/prompts/?category=astrology")).json == []
    for query in ("limit=0", "limit=101", "difficulty_level=6", "difficulty_level=hard"):
        assert (await person.get(f"/prompts/?{query}")).status == 422


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nobody_writes_prompts(new_user: NewUser, method: str) -> None:
    person = await new_user()
    path = "/prompts/" if method == "POST" else f"/prompts/{MISSING}"
    answer = await person.request(method, path, json={"text": "Mine"})
    assert (answer.status, answer.detail) == (405, "Method Not Allowed")


async def test_one_prompt_is_read(new_user: NewUser) -> None:
    person = await new_user()
    prompt = (await person.get("/prompts/?limit=1")).json[0]
    assert (await person.get(f"/prompts/{prompt['id']}")).json == prompt
    missing = await person.get(f"/prompts/{MISSING}")
    assert (missing.status, missing.detail) == (404, "Prompt not found")


async def test_search_looks_into_the_text_only(new_user: NewUser) -> None:
    person = await new_user()
    found = (await person.get("/prompts/search?q=INNER%20critic")).json
    assert [prompt["category"] for prompt in found] == ["creativity"]
    assert (await person.get("/prompts/search?q=self_care")).json == []
    assert (await person.get("/prompts/search?q=%25")).json == []
    assert (await person.get("/prompts/search?q=")).status == 422
    assert (await person.get("/prompts/search")).status == 422


async def test_a_random_prompt_matches_or_there_is_none(new_user: NewUser) -> None:
    person = await new_user()
    found = await person.get("/prompts/random?category=goals&difficulty_level=1")
    assert (found.json["category"], found.json["difficulty_level"]) == ("goals", 1)
    none = await person.get("/prompts/random?category=astrology")
    assert (none.status, none.detail) == (404, "No prompts available")


async def test_the_prompt_of_the_day_goes_once_an_entry_answers_it(new_user: NewUser) -> None:
    person = await new_user()
    journal = await make_journal(person)
    prompt = (await person.get("/prompts/daily")).json
    assert (await person.get("/prompts/daily")).json == prompt
    await write_entry(person, journal, prompt_id=prompt["id"], entry_date="2020-01-01")
    assert (await person.get("/prompts/daily")).status == 200
    entry = await write_entry(person, journal, prompt_id=prompt["id"])
    assert (await person.get("/prompts/daily")).status == 204
    assert (await person.get(f"/prompts/{prompt['id']}")).json["usage_count"] == 2
    await person.delete(f"/entries/{entry['id']}")
    assert (await person.get("/prompts/daily")).status == 200


async def test_statistics_are_zero_for_ones_own_and_tell_of_the_catalogue(
    new_user: NewUser,
) -> None:
    person = await new_user()
    found = (await person.get("/prompts/analytics/statistics")).json
    assert (found["total_prompts"], found["total_usage"]) == (0, 0)
    assert found["most_used_prompt"] is None
    assert found["catalogue"]["total_prompts"] == 120
