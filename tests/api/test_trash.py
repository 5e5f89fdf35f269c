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


async def mood_id(me: ApiClient) -> str:
    found: str = (await me.get("/moods/")).json[0]["id"]
    return found


async def test_a_deleted_entry_is_nowhere_but_in_the_trash(me: ApiClient, journal: Json) -> None:
    entry = await write_entry(me, journal, content="the lost word")
    path = f"/entries/{entry['id']}"
    await me.post(f"{path}/tags/bulk", ["tag"])
    await me.post("/moods/log", {"mood_id": await mood_id(me), "entry_id": entry["id"]})
    answer = await me.delete(path)
    assert (answer.status, answer.body) == (204, b"")

    for gone in (path, f"{path}/tags", f"{path}/revisions", f"{path}/media"):
        assert (await me.get(gone)).status == 404
    assert (await me.put(path, {"title": "x"})).status == 404
    assert (await me.delete(path)).status == 404
    for empty in ("/entries/", "/entries/search?q=lost", "/timeline", "/moods/logs",
                  "/on-this-day", f"/entries/journal/{journal['id']}"):  # fmt: skip
        assert (await me.get(empty)).json == []
    assert (await me.get(f"/journals/{journal['id']}")).json["entry_count"] == 0
    assert (await me.get("/tags/")).json[0]["usage_count"] == 0
    assert (await me.get("/analytics/writing-streak")).json["total_entries"] == 0
    [trashed] = (await me.get("/trash")).json
    assert trashed == {**entry, "trashed_at": trashed["trashed_at"]}


async def test_a_restored_entry_has_its_tags_and_mood_back(me: ApiClient, journal: Json) -> None:
    entry = await write_entry(me, journal, content="the lost word")
    path = f"/entries/{entry['id']}"
    await me.post(f"{path}/tags/bulk", ["tag"])
    await me.post("/moods/log", {"mood_id": await mood_id(me), "entry_id": entry["id"]})
    await me.delete(path)
    restored = await me.post(f"/trash/{entry['id']}/restore")
    assert restored.status == 200
    assert (await me.get(path)).json == restored.json
    assert restored.json["content"] == entry["content"]
    assert [tag["name"] for tag in (await me.get(f"{path}/tags")).json] == ["tag"]
    assert (await me.get("/tags/")).json[0]["usage_count"] == 1
    assert [log["entry_id"] for log in (await me.get("/moods/logs")).json] == [entry["id"]]
    assert len((await me.get("/entries/search?q=lost")).json) == 1
    assert (await me.get(f"/journals/{journal['id']}")).json["entry_count"] == 1
    assert (await me.get("/trash")).json == []
    assert (await me.post(f"/trash/{entry['id']}/restore")).status == 404


async def test_only_the_trash_deletes_for_ever(me: ApiClient, journal: Json) -> None:
    entry = await write_entry(me, journal)
    answer = await me.delete(f"/trash/{entry['id']}")
    assert (answer.status, answer.detail) == (404, "Entry not found")
    await me.delete(f"/entries/{entry['id']}")
    assert (await me.delete(f"/trash/{entry['id']}")).status == 204
    assert (await me.get("/trash")).json == []
    assert (await me.post(f"/trash/{new_id()}/restore")).detail == "Entry not found"


async def test_the_trash_comes_latest_first_in_pages(me: ApiClient, journal: Json) -> None:
    entries = [await write_entry(me, journal) for _ in range(3)]
    for entry in entries:
        await me.delete(f"/entries/{entry['id']}")
    expected = [entry["id"] for entry in reversed(entries)]
    first = await me.get("/trash?limit=2")
    second = await me.get(f"/trash?limit=2&after={first.headers['X-Next-Cursor']}")
    assert [one["id"] for one in first.json + second.json] == expected
    assert [one["id"] for one in (await me.get("/trash?offset=1")).json] == expected[1:]


async def test_deleting_a_journal_empties_its_part_of_the_trash(
    me: ApiClient, journal: Json
) -> None:
    entry = await write_entry(me, journal)
    await me.delete(f"/entries/{entry['id']}")
    await me.delete(f"/journals/{journal['id']}")
    assert (await me.get("/trash")).json == []
