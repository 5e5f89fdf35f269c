from __future__ import annotations

import pytest

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json, write_entry, write_journal


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def journal(me: ApiClient) -> Json:
    return await write_journal(me)


async def draft(me: ApiClient, journal: Json, **fields: object) -> Json:
    answer = await me.post("/entries/draft", {"journal_id": journal["id"], **fields})
    assert answer.status == 201, answer.json
    made: Json = answer.json
    return made


async def test_a_draft_counts_nowhere(me: ApiClient, journal: Json) -> None:
    made = await draft(me, journal, title="Soon", content="half a thought")
    assert made["is_draft"] is True
    await me.post(f"/entries/{made['id']}/tags/bulk", ["idea"])
    assert (await me.get("/entries/")).json == []
    assert (await me.get(f"/entries/journal/{journal['id']}")).json == []
    assert (await me.get("/entries/search?q=thought")).json == []
    assert (await me.get("/timeline")).json == []
    day = made["entry_date"]
    assert (await me.get(f"/entries/date-range?start_date={day}&end_date={day}")).json == []
    assert (await me.get(f"/days?from={day}&to={day}")).json == []
    assert (await me.get(f"/journals/{journal['id']}")).json["entry_count"] == 0
    streak = (await me.get("/analytics/writing-streak")).json
    assert (streak["total_entries"], streak["current_streak"]) == (0, 0)
    assert (await me.get(f"/entries/{made['id']}")).json == made


async def test_drafts_are_listed_last_changed_first(me: ApiClient, journal: Json) -> None:
    other = await write_journal(me)
    first, second = await draft(me, journal), await draft(me, other, content="x")
    await me.put(f"/entries/{first['id']}", {"content": "changed"})
    listed = [one["id"] for one in (await me.get("/entries/drafts")).json]
    assert listed == [first["id"], second["id"]]
    page = await me.get("/entries/drafts?limit=1")
    following = await me.get(f"/entries/drafts?limit=1&after={page.headers['X-Next-Cursor']}")
    assert [one["id"] for one in following.json] == [second["id"]]
    narrowed = (await me.get(f"/entries/drafts?journal_id={other['id']}")).json
    assert [one["id"] for one in narrowed] == [second["id"]]


async def test_a_published_draft_is_an_entry(me: ApiClient, journal: Json) -> None:
    made = await draft(me, journal, title="Soon", content="a whole thought")
    answer = await me.post(f"/entries/{made['id']}/publish")
    assert (answer.status, answer.json["is_draft"]) == (200, False)
    assert answer.headers["ETag"] == '"2"'
    assert (await me.get("/entries/drafts")).json == []
    assert (await me.get("/entries/")).json == [answer.json]
    assert [one["id"] for one in (await me.get("/entries/search?q=whole")).json] == [made["id"]]
    assert (await me.get(f"/journals/{journal['id']}")).json["total_words"] == 3
    again = await me.post(f"/entries/{made['id']}/publish")
    assert (again.status, again.json) == (200, answer.json)


async def test_a_draft_may_be_empty_but_is_not_published_so(me: ApiClient, journal: Json) -> None:
    made = await draft(me, journal, content="x")
    emptied = await me.put(f"/entries/{made['id']}", {"content": ""})
    assert (emptied.status, emptied.json["word_count"]) == (200, 0)
    answer = await me.post(f"/entries/{made['id']}/publish")
    assert answer.status == 422
    assert (await me.get(f"/entries/{made['id']}")).json["is_draft"] is True


async def test_a_draft_sent_twice_is_one_draft(me: ApiClient, journal: Json) -> None:
    body = {"id": new_id(), "journal_id": journal["id"], "content": "once"}
    assert (await me.post("/entries/draft", body)).status == 201
    assert (await me.post("/entries/draft", body)).status == 200
    assert (await me.post("/entries/draft", {**body, "content": "x"})).status == 409
    entry = await write_entry(me, journal)
    assert (await me.post("/entries/draft", {**body, "id": entry["id"]})).status == 409


async def test_a_draft_goes_through_the_trash_and_stays_a_draft(
    me: ApiClient, journal: Json
) -> None:
    made = await draft(me, journal, content="x")
    await me.delete(f"/entries/{made['id']}")
    assert (await me.get("/entries/drafts")).json == []
    assert (await me.post(f"/trash/{made['id']}/restore")).json["is_draft"] is True
    assert (await me.get("/entries/")).json == []
