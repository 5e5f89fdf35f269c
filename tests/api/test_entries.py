from __future__ import annotations

from io import BytesIO
from typing import Any

import orjson
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


async def test_a_written_entry_reads_back_as_it_was_answered(me: ApiClient, journal: Json) -> None:
    body = {
        "title": "  A walk ",
        "content": "  Two  words ",
        "journal_id": journal["id"],
        "entry_datetime_utc": "2026-03-01T10:00:00Z",
        "entry_timezone": "Europe/Lisbon",
        "location": "Lisbon",
        "weather": "warm",
        "latitude": 38.7,
        "longitude": -9.1,
        "unknown": "ignored",
    }
    answer = await me.post("/entries/", body)
    assert answer.status == 201
    assert answer.headers["ETag"] == '"1"'
    entry = answer.json
    assert (entry["title"], entry["content"], entry["word_count"]) == ("A walk", "  Two  words ", 2)
    assert entry["entry_datetime_utc"] == "2026-03-01T10:00:00.000000Z"
    assert (entry["entry_date"], entry["entry_timezone"]) == ("2026-03-01", "Europe/Lisbon")
    assert (entry["latitude"], entry["longitude"]) == (38.7, -9.1)
    assert (entry["is_pinned"], entry["is_draft"], entry["prompt_id"]) == (False, False, None)
    read = await me.get(f"/entries/{entry['id']}")
    assert (read.json, read.headers["ETag"]) == (entry, '"1"')


REFUSED: list[Json] = [
    {"title": ""},
    {"title": " \n"},
    {"title": None},
    {"title": "x" * 301},
    {"content": ""},
    {"content": "x" * 1_000_001},
    {"content": "nul \x00"},
    {"content": 5},
    {"location": "x" * 201},
    {"weather": "x" * 101},
    {"latitude": 90.1},
    {"longitude": -181},
    {"latitude": True},
    {"entry_timezone": "Mars/Base"},
    {"entry_date": "2026-02-30"},
    {"entry_date": "10000-01-01"},
    {"entry_datetime_utc": "yesterday"},
    {"entry_datetime_utc": "10000-01-01T00:00:00Z"},
    {"journal_id": "nonsense"},
    {"journal_id": None},
    {"prompt_id": "nonsense"},
    {"id": "nonsense"},
]


@pytest.mark.parametrize("fields", REFUSED, ids=lambda fields: str(fields)[:40])
async def test_an_entry_that_breaks_a_rule_is_refused(
    me: ApiClient, journal: Json, fields: Json
) -> None:
    body = {"title": "A day", "content": "Rain.", "journal_id": journal["id"], **fields}
    answer = await me.post("/entries/", body)
    assert answer.status == 422
    assert answer.json["error"] == "validation_error"
    assert [error["loc"][1] for error in answer.json["errors"]] == list(fields)
    assert (await me.get("/entries/")).json == []


async def test_a_missing_field_is_named(me: ApiClient, journal: Json) -> None:
    answer = await me.post("/entries/", {"title": "x", "journal_id": journal["id"]})
    assert (answer.status, answer.json["errors"][0]["loc"]) == (422, ["body", "content"])


async def test_lone_surrogates_are_refused(me: ApiClient, journal: Json) -> None:
    raw = f'{{"title":"x","content":"\\ud800","journal_id":"{journal["id"]}"}}'.encode()
    headers = {"Content-Type": "application/json"}
    answer = await me.request("POST", "/entries/", data=raw, headers=headers)
    assert answer.status in (400, 422)
    assert (await me.get("/entries/")).json == []


async def test_a_text_of_a_million_characters_is_kept(me: ApiClient, journal: Json) -> None:
    body = {"title": "Long", "content": "é " * 500_000, "journal_id": journal["id"]}
    headers = {"Content-Type": "application/json"}
    raw = BytesIO(orjson.dumps(body))
    answer = await me.request("POST", "/entries/", data=raw, headers=headers)
    assert (answer.status, answer.json["word_count"]) == (201, 500_000)
    read = (await me.get(f"/entries/{answer.json['id']}")).json
    assert read["content"] == body["content"]


async def test_unknown_journals_and_prompts_are_not_found(me: ApiClient, journal: Json) -> None:
    body = {"title": "A day", "content": "Rain.", "journal_id": new_id()}
    answer = await me.post("/entries/", body)
    assert (answer.status, answer.detail) == (404, "Journal not found")
    answer = await me.post(
        "/entries/", {**body, "journal_id": journal["id"], "prompt_id": new_id()}
    )
    assert (answer.status, answer.detail) == (404, "Prompt not found")


async def test_a_prompt_stays_with_its_entry(me: ApiClient, journal: Json) -> None:
    prompt = (await me.get("/prompts/random")).json
    entry = await write_entry(me, journal, prompt_id=prompt["id"])
    assert entry["prompt_id"] == prompt["id"]
    assert (await me.get(f"/prompts/{prompt['id']}")).json["usage_count"] == 1


async def test_archived_journals_still_take_new_entries(me: ApiClient, journal: Json) -> None:
    assert (await me.post(f"/journals/{journal['id']}/archive")).json["is_archived"] is True
    entry = await write_entry(me, journal)
    assert entry["journal_id"] == journal["id"]


async def test_the_same_id_and_body_again_is_the_same_entry(me: ApiClient, journal: Json) -> None:
    body = {
        "id": new_id(),
        "title": " A day ",
        "content": "Rain.",
        "journal_id": journal["id"],
        "entry_date": "2026-03-01",
    }
    first = await me.post("/entries/", body)
    again = await me.post("/entries/", body)
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    assert first.json["id"] == body["id"]
    assert len((await me.get("/entries/")).json) == 1
    assert (await me.get(f"/journals/{journal['id']}")).json["entry_count"] == 1

    await me.put(f"/entries/{body['id']}", {"content": "Sun.", "location": "home"})
    later = await me.post("/entries/", body)
    assert (later.status, later.json["content"]) == (200, "Sun.")


@pytest.mark.parametrize(
    "other",
    [{"content": "Sun."}, {"title": "x"}, {"location": "home"}, {"entry_date": "2020-01-01"}],
)
async def test_the_same_id_with_another_body_is_a_conflict(
    me: ApiClient, journal: Json, other: Json
) -> None:
    entry = await write_entry(me, journal, id=new_id())
    body = {"id": entry["id"], "title": "A day", "content": "It rained.",
            "journal_id": journal["id"], **other}  # fmt: skip
    answer = await me.post("/entries/", body)
    assert answer.status == 409
    assert (await me.get(f"/entries/{entry['id']}")).json == entry


async def test_an_id_in_the_trash_is_used(me: ApiClient, journal: Json) -> None:
    entry = await write_entry(me, journal, id=new_id())
    await me.delete(f"/entries/{entry['id']}")
    body = {"id": entry["id"], "title": "A day", "content": "It rained.",
            "journal_id": journal["id"]}  # fmt: skip
    assert (await me.post("/entries/", body)).status == 409


async def test_an_id_in_another_spelling_is_the_same_id(me: ApiClient, journal: Json) -> None:
    entry = await write_entry(me, journal)
    plain = entry["id"].replace("-", "").upper()
    assert (await me.get(f"/entries/{plain}")).json == entry


async def write_days(me: ApiClient, journal: Json, count: int) -> list[str]:
    """Write entries of consecutive days and return their ids, newest first."""
    entries = [
        await write_entry(me, journal, entry_datetime_utc=f"2026-01-{day:02}T12:00:00Z")
        for day in range(1, count + 1)
    ]
    return [entry["id"] for entry in reversed(entries)]


def ids(found: list[Any]) -> list[str]:
    return [one["id"] for one in found]


async def test_lists_are_bare_arrays_newest_first(me: ApiClient, journal: Json) -> None:
    written = await write_days(me, journal, 5)
    assert ids((await me.get("/entries/")).json) == written
    assert ids((await me.get("/entries?limit=2&offset=3")).json) == written[3:]
    assert (await me.get("/entries/?offset=99")).json == []


async def test_cursors_walk_the_whole_list_even_while_it_grows(
    me: ApiClient, journal: Json
) -> None:
    written = await write_days(me, journal, 5)
    answer = await me.get("/entries/?limit=2")
    await write_entry(me, journal)
    seen = ids(answer.json)
    while cursor := answer.headers.get("X-Next-Cursor"):
        answer = await me.get(f"/entries/?limit=2&after={cursor}")
        seen += ids(answer.json)
    assert seen == written


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "offset=-1", "after=nonsense", "after=%FF", "after=MjAyNg",
     "offset=99999999999999999999", "include_pinned=maybe"],
)  # fmt: skip
async def test_a_page_that_makes_no_sense_is_refused(
    me: ApiClient, journal: Json, query: str
) -> None:
    answer = await me.get(f"/entries/journal/{journal['id']}?{query}")
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["query", query.split("=")[0]]


async def test_a_journal_lists_pinned_entries_first(me: ApiClient, journal: Json) -> None:
    written = await write_days(me, journal, 4)
    other = await write_journal(me)
    await write_entry(me, other)
    await me.post(f"/entries/{written[2]}/pin")
    expected = [written[2], written[0], written[1], written[3]]
    path = f"/entries/journal/{journal['id']}"
    answer = await me.get(f"{path}?limit=1")
    seen = ids(answer.json)
    while cursor := answer.headers.get("X-Next-Cursor"):
        answer = await me.get(f"{path}?limit=1&after={cursor}")
        seen += ids(answer.json)
    assert seen == expected
    assert ids((await me.get(f"{path}?include_pinned=false")).json) == expected[1:]
    answer = await me.get(f"/entries/journal/{new_id()}")
    assert (answer.status, answer.detail) == (404, "Journal not found")


async def test_a_range_of_days_is_inclusive(me: ApiClient, journal: Json) -> None:
    written = await write_days(me, journal, 4)
    days = "start_date=2026-01-02&end_date=2026-01-03"
    assert ids((await me.get(f"/entries/date-range?{days}")).json) == written[1:3]
    narrowed = f"/entries/date-range?{days}&journal_id={journal['id']}"
    assert ids((await me.get(narrowed)).json) == written[1:3]
    assert (await me.get(f"/entries/date-range?{days}&journal_id={new_id()}")).json == []
    reversed_days = "start_date=2026-01-03&end_date=2026-01-02"
    assert (await me.get(f"/entries/date-range?{reversed_days}")).json == []
    answer = await me.get(f"/entries/date-range?{days}&journal_id=nonsense")
    assert answer.status == 422
    assert answer.detail == "Invalid journal_id format. Must be a valid UUID."
    assert (await me.get("/entries/date-range?start_date=2026-01-02")).status == 422


async def test_an_update_keeps_what_is_null(me: ApiClient, journal: Json) -> None:
    entry = await write_entry(me, journal, location="home", weather="dry")
    path = f"/entries/{entry['id']}"
    changed = (await me.put(path, {"location": None, "weather": "", "title": " New "})).json
    assert changed == {
        **entry,
        "weather": "",
        "title": " New ",
        "version": 2,
        "updated_at": changed["updated_at"],
    }
    assert changed["updated_at"] > entry["updated_at"]
    assert (await me.put(path, {"title": "", "prompt_id": new_id()})).json["title"] == ""
    assert (await me.put(path, {"content": "   "})).json["word_count"] == 0
    assert (await me.put(path, {"content": ""})).status == 422
    assert (await me.put(path, {"is_pinned": True})).json["is_pinned"] is True


async def test_counters_follow_a_changed_text_and_a_move(me: ApiClient, journal: Json) -> None:
    other = await write_journal(me)
    entry = await write_entry(me, journal, content="one two three")
    path = f"/entries/{entry['id']}"
    await me.put(path, {"content": "one two"})
    assert (await me.get(f"/journals/{journal['id']}")).json["total_words"] == 2
    moved = (await me.put(path, {"journal_id": other["id"]})).json
    assert moved["journal_id"] == other["id"]
    before = (await me.get(f"/journals/{journal['id']}")).json
    after = (await me.get(f"/journals/{other['id']}")).json
    assert (before["entry_count"], before["total_words"], before["last_entry_at"]) == (0, 0, None)
    assert (after["entry_count"], after["total_words"]) == (1, 2)
    assert after["last_entry_at"] == entry["entry_datetime_utc"]


async def test_moving_into_an_archived_or_unknown_journal_changes_nothing(
    me: ApiClient, journal: Json
) -> None:
    entry = await write_entry(me, journal)
    archived = await write_journal(me)
    await me.post(f"/journals/{archived['id']}/archive")
    path = f"/entries/{entry['id']}"
    answer = await me.put(path, {"journal_id": archived["id"], "title": "x"})
    assert (answer.status, answer.detail) == (422, "Cannot move entry to an archived journal")
    answer = await me.put(path, {"journal_id": new_id(), "title": "x"})
    assert (answer.status, answer.detail) == (404, "Target journal not found")
    assert (await me.get(path)).json == entry
    await me.post(f"/journals/{journal['id']}/archive")
    assert (await me.put(path, {"journal_id": journal["id"], "title": "x"})).status == 200


async def test_the_pin_toggles(me: ApiClient, journal: Json) -> None:
    path = f"/entries/{(await write_entry(me, journal))['id']}/pin"
    assert (await me.post(path)).json["is_pinned"] is True
    assert (await me.post(path)).json["is_pinned"] is False


async def test_an_entry_has_no_media_yet_and_believes_in_no_path(
    me: ApiClient, journal: Json
) -> None:
    path = f"/entries/{(await write_entry(me, journal))['id']}/media"
    assert (await me.get(path)).json == []
    assert (await me.post(path, {"file_path": "/etc/passwd"})).status == 400
    assert (await me.get(f"/entries/{new_id()}/media")).detail == "Entry not found"


@pytest.mark.parametrize(
    ("method", "suffix"),
    [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/pin"), ("GET", "/media"),
     ("POST", "/publish"), ("GET", "/revisions"), ("GET", "/revisions/1"),
     ("POST", "/revisions/1/restore"), ("GET", "/tags")],
)  # fmt: skip
async def test_an_entry_that_is_missing_is_not_found(
    me: ApiClient, method: str, suffix: str
) -> None:
    body = {"title": "x"} if method == "PUT" else None
    answer = await me.request(method, f"/entries/{new_id()}{suffix}", json=body)
    assert (answer.status, answer.detail) == (404, "Entry not found")
    assert (await me.request(method, f"/entries/nonsense{suffix}", json=body)).status == 422
