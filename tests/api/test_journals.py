from __future__ import annotations

from typing import Any

import pytest

from journiv.api.v1.journal.journals import COLORS
from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import write_entry, write_journal


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


async def test_a_new_journal_is_empty_and_neither_favourite_nor_archived(me: ApiClient) -> None:
    answer = await me.post("/journals/", {"title": " Diary ", "is_favorite": True, "extra": 1})
    assert answer.status == 201
    journal = answer.json
    assert journal["title"] == " Diary "
    assert journal["user_id"] == me.user["id"]
    assert (journal["is_favorite"], journal["is_archived"]) == (False, False)
    assert (journal["entry_count"], journal["total_words"]) == (0, 0)
    assert journal["last_entry_at"] is None
    assert (await me.get(f"/journals/{journal['id']}")).json == journal


async def test_every_colour_of_the_22_is_accepted_and_no_other(me: ApiClient) -> None:
    assert len(set(COLORS)) == 22
    for color in COLORS:
        assert (await write_journal(me, color=color))["color"] == color
    for color in ("#ef4444", "#000000", "red", "", "#EF4444\n", 7):
        assert (await me.post("/journals/", {"title": "x", "color": color})).status == 422


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": ""},
        {"title": None},
        {"title": "x" * 201},
        {"title": 5},
        {"title": "nul\x00"},
        {"title": "x", "description": "x" * 1001},
        {"title": "x", "icon": "x" * 51},
    ],
)
async def test_a_journal_that_breaks_a_limit_is_refused(
    me: ApiClient, fields: dict[str, Any]
) -> None:
    assert (await me.post("/journals/", fields)).status == 422
    assert (await me.get("/journals/")).json == []


async def test_lengths_at_the_limits_are_accepted(me: ApiClient) -> None:
    fields = {"title": "ü" * 200, "description": "😀" * 1000, "icon": "i" * 50}
    assert (await me.post("/journals/", fields)).json.items() >= fields.items()


async def test_journals_come_newest_first_and_archived_ones_when_asked_for(me: ApiClient) -> None:
    first, second = await write_journal(me), await write_journal(me)
    await me.post(f"/journals/{first['id']}/archive")
    assert [one["id"] for one in (await me.get("/journals/")).json] == [second["id"]]
    everything = (await me.get("/journals/?include_archived=yes")).json
    assert [one["id"] for one in everything] == [second["id"], first["id"]]
    assert (await me.get("/journals")).json == (await me.get("/journals/")).json


async def test_favourite_toggles_and_keeps_archived_journals_in_its_list(me: ApiClient) -> None:
    journal = await write_journal(me)
    path = f"/journals/{journal['id']}"
    assert (await me.post(f"{path}/favorite")).json["is_favorite"] is True
    await me.post(f"{path}/archive")
    assert [one["id"] for one in (await me.get("/journals/favorites")).json] == [journal["id"]]
    assert (await me.post(f"{path}/favorite")).json["is_favorite"] is False
    assert (await me.get("/journals/favorites")).json == []


async def test_archiving_twice_is_archiving_once(me: ApiClient) -> None:
    path = f"/journals/{(await write_journal(me))['id']}"
    for _ in range(2):
        assert (await me.post(f"{path}/archive")).json["is_archived"] is True
    for _ in range(2):
        assert (await me.post(f"{path}/unarchive")).json["is_archived"] is False


async def test_an_update_keeps_what_is_null_and_takes_what_is_empty(me: ApiClient) -> None:
    journal = await write_journal(me, description="before", color="#EF4444", icon="book")
    path = f"/journals/{journal['id']}"
    changes = {"title": None, "description": "", "color": None, "is_favorite": True}
    changed = (await me.put(path, changes)).json
    assert changed == {
        **journal,
        "description": "",
        "is_favorite": True,
        "updated_at": changed["updated_at"],
    }
    assert (await me.put(path, {})).json["updated_at"] > changed["updated_at"]
    assert (await me.put(path, {"title": ""})).status == 422


async def test_deleting_a_journal_deletes_its_entries(me: ApiClient) -> None:
    kept, gone = await write_journal(me), await write_journal(me)
    entry = await write_entry(me, gone)
    await write_entry(me, kept)
    answer = await me.delete(f"/journals/{gone['id']}")
    assert (answer.status, answer.body) == (204, b"")
    assert (await me.get(f"/journals/{gone['id']}")).detail == "Journal not found"
    assert (await me.get(f"/entries/{entry['id']}")).status == 404
    assert len((await me.get("/entries/")).json) == 1
    assert (await me.get("/analytics/writing-streak")).json["total_entries"] == 1
    assert (await me.delete(f"/journals/{gone['id']}")).status == 404


@pytest.mark.parametrize(
    ("method", "suffix"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/favorite"),
        ("POST", "/archive"),
        ("POST", "/unarchive"),
    ],
)
async def test_a_journal_that_is_missing_is_not_found(
    me: ApiClient, method: str, suffix: str
) -> None:
    body = {} if method == "PUT" else None
    answer = await me.request(method, f"/journals/{new_id()}{suffix}", json=body)
    assert (answer.status, answer.detail) == (404, "Journal not found")
    assert (await me.request(method, f"/journals/nonsense{suffix}", json=body)).status == 422
