from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.habits import MISSING, day_ago, write_entry


async def moods(person: ApiClient) -> dict[str, str]:
    return {mood["name"]: mood["id"] for mood in (await person.get("/moods/")).json}


async def log(person: ApiClient, mood: str = "Calm", **fields: Any) -> dict[str, Any]:
    answer = await person.post("/moods/log", {"mood_id": (await moods(person))[mood], **fields})
    assert answer.status == 201, answer.json
    made: dict[str, Any] = answer.json
    return made


async def logged(person: ApiClient, query: str = "") -> list[str]:
    answer = await person.get(f"/moods/logs{query}")
    assert answer.status == 200, answer.json
    return [one["id"] for one in answer.json]


async def test_the_catalogue_holds_twenty_moods_by_category_and_name(new_user: NewUser) -> None:
    person = await new_user()
    found = (await person.get("/moods/")).json
    order = [(mood["category"], mood["name"]) for mood in found]
    assert len(order) == 20
    assert order == sorted(order)
    only = (await person.get("/moods/?category=neutral")).json
    assert [mood["name"] for mood in only] == ["Confused", "Curious", "Neutral", "Surprised"]
    assert (await person.get("/moods/?category=mixed")).status == 422


async def test_one_mood_is_read_and_none_is_written(new_user: NewUser) -> None:
    person = await new_user()
    calm = (await moods(person))["Calm"]
    found = await person.get(f"/moods/{calm}")
    assert (found.json["category"], found.json["score"]) == ("positive", 4)
    missing = await person.get(f"/moods/{MISSING}")
    assert (missing.status, missing.detail) == (404, "Mood not found")
    assert (await person.post("/moods/", {"name": "Odd"})).status == 405
    assert (await person.get("/moods/nonsense")).status == 422


async def test_a_log_of_its_own_takes_the_day_from_its_zone(new_user: NewUser) -> None:
    person = await new_user()
    made = await log(
        person,
        logged_datetime_utc="2026-03-15T12:00:00Z",
        logged_timezone="Pacific/Kiritimati",
        logged_date="1999-01-01",
        notes="ignored",
    )
    assert made["logged_date"] == "2026-03-16"
    assert made["logged_datetime_utc"] == "2026-03-15T12:00:00.000000Z"
    assert (made["entry_id"], made["note"]) == (None, None)
    assert made["mood"]["name"] == "Calm"
    assert (await person.get(f"/moods/log/{made['id']}")).json == made


async def test_an_entry_has_at_most_one_log_which_is_its_moment(new_user: NewUser) -> None:
    person = await new_user()
    entry = await write_entry(person, entry_date="2026-03-01")
    first = await log(person, entry_id=entry["id"], note="rain", logged_timezone="Asia/Tokyo")
    again = await log(person, "Sad", entry_id=entry["id"])
    assert first["id"] == again["id"] == first["entry_id"] == entry["id"]
    assert (again["mood"]["name"], again["note"]) == ("Sad", "rain")
    assert again["logged_datetime_utc"] == entry["entry_datetime_utc"]
    assert again["logged_date"] == "2026-03-01"
    assert await logged(person) == [entry["id"]]


async def test_the_log_of_an_entry_follows_its_day_and_leaves_with_it(new_user: NewUser) -> None:
    person = await new_user()
    entry = await write_entry(person, entry_date="2026-03-01")
    await log(person, entry_id=entry["id"])
    await person.put(f"/entries/{entry['id']}", {"entry_date": "2026-03-05"})
    found = await person.get(f"/moods/log/{entry['id']}")
    assert found.json["logged_date"] == "2026-03-05"
    await person.delete(f"/entries/{entry['id']}")
    gone = await person.get(f"/moods/log/{entry['id']}")
    assert (gone.status, gone.detail) == (404, "Mood log not found")


@pytest.mark.parametrize(
    ("fields", "status", "detail"),
    [
        ({"mood_id": MISSING, "entry_id": MISSING}, 404, "Mood not found"),
        ({"entry_id": MISSING}, 404, "Entry not found"),
    ],
)
async def test_what_a_log_names_must_exist(
    new_user: NewUser, fields: dict[str, str], status: int, detail: str
) -> None:
    person = await new_user()
    calm = (await moods(person))["Calm"]
    answer = await person.post("/moods/log", {"mood_id": calm, **fields})
    assert (answer.status, answer.detail) == (status, detail)


@pytest.mark.parametrize(
    "fields",
    [
        {"logged_timezone": "Mars/Olympus"},
        {"logged_datetime_utc": "yesterday"},
        {"logged_datetime_utc": "9999-12-31T23:00:00Z"},
        {"note": "x" * 501},
        {"note": "a\u0000b"},
        {"mood_id": "calm"},
        {"mood_id": None},
    ],
)
async def test_a_log_with_a_wrong_field_is_refused(
    new_user: NewUser, fields: dict[str, object]
) -> None:
    person = await new_user()
    calm = (await moods(person))["Calm"]
    answer = await person.post("/moods/log", {"mood_id": calm, **fields})
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["body", next(iter(fields))]
    assert await logged(person) == []


async def test_lists_narrow_by_mood_entry_and_day(new_user: NewUser) -> None:
    person = await new_user()
    entry = await write_entry(person, entry_date="2026-03-01")
    await log(person, "Sad", entry_id=entry["id"])
    early = (await log(person, logged_datetime_utc="2026-02-01T12:00:00Z"))["id"]
    late = (await log(person, logged_datetime_utc="2026-03-09T12:00:00Z"))["id"]
    sad = (await moods(person))["Sad"]
    assert await logged(person) == [late, entry["id"], early]
    assert await logged(person, "?limit=1&offset=1") == [entry["id"]]
    assert await logged(person, f"?mood_id={sad}") == [entry["id"]]
    assert await logged(person, f"?entry_id={entry['id']}") == [entry["id"]]
    assert await logged(person, "?start_date=2026-02-01&end_date=2026-03-01") == [
        entry["id"],
        early,
    ]
    recent = await person.get("/moods/log/recent?limit=1")
    assert [one["id"] for one in recent.json] == [late]
    for query in ("?limit=101", "?start_date=2026-02-30", "?mood_id=x"):
        assert (await person.get(f"/moods/logs{query}")).status == 422
    assert (await person.get("/moods/log/recent?limit=51")).status == 422


async def test_a_cursor_leads_through_the_logs(new_user: NewUser) -> None:
    person = await new_user()
    ids = [(await log(person, logged_datetime_utc="2026-03-01T12:00:00Z"))["id"] for _ in range(3)]
    first = await person.get("/moods/logs?limit=2")
    rest = await person.get(f"/moods/logs?limit=2&after={first.headers['X-Next-Cursor']}")
    assert [one["id"] for one in first.json + rest.json] == ids[::-1]
    assert "X-Next-Cursor" not in rest.headers
    assert (await person.get("/moods/logs?after=nonsense")).status == 422


async def test_a_log_is_changed_where_null_keeps(new_user: NewUser) -> None:
    person = await new_user()
    made = await log(person, note="kept", logged_datetime_utc="2026-03-01T12:00:00Z")
    path = f"/moods/log/{made['id']}"
    sad = (await moods(person))["Sad"]
    changed = await person.put(path, {"mood_id": sad, "note": None})
    assert (changed.json["mood_id"], changed.json["note"]) == (sad, "kept")
    moved = await person.put(path, {"logged_timezone": "Pacific/Kiritimati"})
    assert moved.json["logged_date"] == "2026-03-02"
    unknown = await person.put(path, {"mood_id": MISSING})
    assert (unknown.status, unknown.detail) == (404, "Mood log not found")
    assert (await person.put(path, {"logged_timezone": "Mars/Olympus"})).status == 422


async def test_a_deleted_log_is_gone_and_its_entry_stays(new_user: NewUser) -> None:
    person = await new_user()
    entry = await write_entry(person)
    for log_id in ((await log(person))["id"], (await log(person, entry_id=entry["id"]))["id"]):
        assert (await person.delete(f"/moods/log/{log_id}")).status == 204
        again = await person.delete(f"/moods/log/{log_id}")
        assert (again.status, again.detail) == (404, "Mood log not found")
    assert (await person.get(f"/entries/{entry['id']}")).status == 200


async def test_logs_of_others_look_missing_and_stay(new_user: NewUser) -> None:
    owner, stranger = await new_user(), await new_user()
    entry = await write_entry(owner)
    made = await log(owner)
    for method, body in (("GET", None), ("PUT", {"note": "mine"}), ("DELETE", None)):
        answer = await stranger.request(method, f"/moods/log/{made['id']}", json=body)
        assert (answer.status, answer.detail) == (404, "Mood log not found")
    calm = (await moods(stranger))["Calm"]
    on_entry = await stranger.post("/moods/log", {"mood_id": calm, "entry_id": entry["id"]})
    assert (on_entry.status, on_entry.detail) == (404, "Entry not found")
    assert (await owner.get(f"/moods/log/{made['id']}")).json == made
    assert await logged(stranger, f"?entry_id={entry['id']}") == []


async def test_statistics_cover_the_last_thirty_days_unless_told(new_user: NewUser) -> None:
    person = await new_user()
    empty = (await person.get("/moods/analytics/statistics")).json
    assert (empty["total_logs"], empty["most_frequent_mood"]) == (0, None)
    assert empty["date_range"] == {"start_date": day_ago(30), "end_date": day_ago(0)}
    await log(person)
    await log(person, "Sad", logged_datetime_utc="2020-01-01T12:00:00Z")
    recent = (await person.get("/moods/analytics/statistics")).json
    assert recent["mood_distribution"] == {"positive": 100.0, "negative": 0.0, "neutral": 0.0}
    older = (
        await person.get("/moods/analytics/statistics?start_date=2020-01-01&end_date=2020-01-01")
    ).json
    assert older["most_frequent_mood"] == {"name": "Sad", "category": "negative", "count": 1}


async def test_the_mood_streak_counts_days(new_user: NewUser) -> None:
    person = await new_user()
    empty = await person.get("/moods/analytics/streak")
    assert empty.json == {"current_streak": 0, "longest_streak": 0}
    for days in (0, 1, 1, 5):
        await log(person, logged_datetime_utc=f"{day_ago(days)}T00:00:00Z")
    found = await person.get("/moods/analytics/streak")
    assert found.json == {"current_streak": 2, "longest_streak": 2, "total_days_logged": 3}
