from __future__ import annotations

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json, write_entry, write_journal


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def journal(me: ApiClient) -> Json:
    return await write_journal(me)


async def on(me: ApiClient, journal: Json, *days: str) -> None:
    for day in days:
        await write_entry(me, journal, title=day, entry_datetime_utc=f"{day}T12:00:00Z")


async def test_the_timeline_holds_entries_and_moods_with_excerpts(
    me: ApiClient, journal: Json
) -> None:
    entry = await write_entry(
        me, journal, content="é" * 300, entry_datetime_utc="2026-01-01T12:00:00Z"
    )
    mood = (await me.get("/moods/")).json[0]["id"]
    body = {"mood_id": mood, "note": "so", "logged_datetime_utc": "2026-01-02T12:00:00Z"}
    log = (await me.post("/moods/log", body)).json
    first = await me.get("/timeline?limit=1")
    second = await me.get(f"/timeline?limit=1&after={first.headers['X-Next-Cursor']}")
    [bare], [written] = first.json, second.json
    assert (bare["id"], bare["mood_id"], bare["note"], bare["title"]) == (
        log["id"], mood, "so", None,
    )  # fmt: skip
    assert (written["id"], written["excerpt"]) == (entry["id"], "é" * 200)
    assert written["logged_at_utc"] == entry["entry_datetime_utc"]


async def test_days_tell_counts_words_and_mood(me: ApiClient, journal: Json) -> None:
    await on(me, journal, "2026-01-01", "2026-01-01", "2026-01-03", "2026-01-05")
    mood = (await me.get("/moods/")).json[0]["id"]
    entry = (await me.get("/entries/?limit=1&offset=1")).json[0]
    await me.post("/moods/log", {"mood_id": mood, "entry_id": entry["id"]})
    days = (await me.get("/days?from=2026-01-01&to=2026-01-03")).json
    assert days == [
        {"date": "2026-01-01", "entry_count": 2, "total_words": 4, "mood_id": None,
         "thumbnail_url": None},
        {"date": "2026-01-03", "entry_count": 1, "total_words": 2, "mood_id": mood,
         "thumbnail_url": None},
    ]  # fmt: skip
    assert (await me.get("/days?from=2026-01-03&to=2026-01-01")).json == []
    assert (await me.get("/days?from=2026-01-03")).status == 422


async def memories(me: ApiClient, day: str) -> list[tuple[str, int, int]]:
    found = (await me.get(f"/on-this-day?date={day}")).json
    assert all(memory["entries"] for memory in found)
    return [(one["date"], one["years_ago"], one["months_ago"]) for one in found]


async def test_a_day_remembers_earlier_years_then_six_months_and_one(
    me: ApiClient, journal: Json
) -> None:
    await on(me, journal, "2021-08-14", "2024-08-14", "2026-02-14", "2026-07-14", "2026-08-14")
    await on(me, journal, "2024-08-13", "2027-08-14")
    assert await memories(me, "2026-08-14") == [
        ("2024-08-14", 2, 0),
        ("2021-08-14", 5, 0),
        ("2026-02-14", 0, 6),
        ("2026-07-14", 0, 1),
    ]


async def test_a_leap_day_is_remembered_on_the_28th_in_other_years(
    me: ApiClient, journal: Json
) -> None:
    await on(me, journal, "2020-02-29", "2024-02-28", "2024-02-29")
    assert await memories(me, "2026-02-28") == [
        ("2024-02-29", 2, 0),
        ("2024-02-28", 2, 0),
        ("2020-02-29", 6, 0),
    ]
    assert await memories(me, "2028-02-28") == [("2024-02-28", 4, 0)]
    assert await memories(me, "2028-02-29") == [("2024-02-29", 4, 0), ("2020-02-29", 8, 0)]


async def test_a_day_that_the_month_before_lacks_remembers_nothing_of_it(
    me: ApiClient, journal: Json
) -> None:
    await on(me, journal, "2026-02-28")
    assert await memories(me, "2026-08-31") == []
    assert await memories(me, "2026-03-31") == []


async def test_without_a_date_it_is_today(me: ApiClient, journal: Json) -> None:
    assert (await me.get("/on-this-day")).json == []
    entry = await write_entry(me, journal)
    year, rest = int(entry["entry_date"][:4]), entry["entry_date"][4:]
    if rest != "-02-29":
        await on(me, journal, f"{year - 1}{rest}")
        [memory] = (await me.get("/on-this-day")).json
        assert memory["years_ago"] == 1


async def test_the_first_and_last_years_have_memories_too(me: ApiClient, journal: Json) -> None:
    await on(me, journal, "0001-03-05")
    assert await memories(me, "9998-03-05") == [("0001-03-05", 9997, 0)]
    assert await memories(me, "0001-03-05") == []
