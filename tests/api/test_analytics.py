from __future__ import annotations

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.habits import day_ago, make_journal, write_entry


async def test_an_old_run_of_days_stays_the_current_streak(new_user: NewUser) -> None:
    person = await new_user()
    journal = await make_journal(person)
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        await write_entry(person, journal, entry_date=day)
    assert (await person.get("/analytics/writing-streak")).json == {
        "current_streak": 3,
        "longest_streak": 3,
        "total_entries": 3,
        "total_words": 15,
        "average_words_per_entry": 5.0,
        "last_entry_date": "2026-01-03",
        "streak_start_date": "2026-01-01",
    }


async def test_patterns_follow_entries_moods_and_tags(new_user: NewUser) -> None:
    person = await new_user()
    journal = await make_journal(person)
    today = await write_entry(person, journal, entry_date=day_ago(0))
    await write_entry(person, journal, entry_date=day_ago(3))
    await write_entry(person, journal, entry_date=day_ago(9))
    await person.post(f"/entries/{today['id']}/tags/bulk", ["sea"])
    mood = (await person.get("/moods/")).json[0]["id"]
    await person.post("/moods/log", {"mood_id": mood, "entry_id": today["id"]})
    assert (await person.get("/analytics/writing-patterns?days=3")).json == {
        "period_days": 3,
        "entries_by_day": [
            {"date": day_ago(3), "entry_count": 1, "total_words": 5},
            {"date": day_ago(0), "entry_count": 1, "total_words": 5},
        ],
        "mood_patterns": [{"date": day_ago(0), "mood_count": 1}],
        "top_tags": [{"tag_name": "sea", "usage_count": 1}],
    }


@pytest.mark.parametrize("path", ["writing-patterns", "dashboard"])
async def test_windows_run_from_one_day_to_a_year(new_user: NewUser, path: str) -> None:
    person = await new_user()
    for days, status in (("0", 422), ("1", 200), ("365", 200), ("366", 422), ("x", 422)):
        assert (await person.get(f"/analytics/{path}?days={days}")).status == status


async def test_productivity_counts_this_month(new_user: NewUser) -> None:
    person = await new_user()
    await write_entry(person)
    found = (await person.get("/analytics/productivity")).json
    assert (found["current_month_entries"], found["current_month_words"]) == (1, 5)
    assert found["entry_growth_percentage"] == 0


async def test_journals_are_listed_fullest_first(new_user: NewUser) -> None:
    person = await new_user()
    await make_journal(person, "Empty")
    full = await make_journal(person, "Full")
    entry = await write_entry(person, full)
    await person.post(f"/journals/{full}/archive")
    found = (await person.get("/analytics/journals")).json["journals"]
    assert [(one["title"], one["entry_count"]) for one in found] == [("Full", 1), ("Empty", 0)]
    assert found[0]["last_entry"] == entry["entry_datetime_utc"]
    assert found[1]["last_entry"] is None


async def test_the_dashboard_is_the_sum_of_its_parts(new_user: NewUser) -> None:
    person = await new_user()
    await write_entry(person)
    found = (await person.get("/analytics/dashboard?days=7")).json
    for name, path in (
        ("writing_streak", "writing-streak"),
        ("writing_patterns", "writing-patterns?days=7"),
        ("productivity", "productivity"),
        ("journals", "journals"),
    ):
        assert (await person.get(f"/analytics/{path}")).json == found[name]
    assert found["summary"] == {
        "total_journals": 1,
        "total_entries": 1,
        "current_streak": 1,
        "longest_streak": 1,
    }


async def test_figures_are_ones_own(new_user: NewUser) -> None:
    writer, reader = await new_user(), await new_user()
    await write_entry(writer)
    summary = (await reader.get("/analytics/dashboard")).json["summary"]
    assert set(summary.values()) == {0}


async def test_strangers_see_no_figures(client: ApiClient) -> None:
    for name in ("writing-streak", "writing-patterns", "productivity", "journals", "dashboard"):
        assert (await client.get(f"/analytics/{name}?days=0")).status == 401
