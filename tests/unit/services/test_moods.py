from __future__ import annotations

import pytest

from journiv.contracts.records import MoodRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.repositories.mood_logs import MoodLogFilter
from journiv.contracts.storage import Store
from journiv.domain.catalogue import MOODS
from journiv.domain.errors import Invalid, NotFound
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.journal.catalogue import mood_records, plant_catalogue
from journiv.services.journal.mood_insights import MoodInsightService
from journiv.services.journal.mood_logs import MoodLogService, MoodNote, MoodNoteChange
from journiv.services.journal.moods import MoodService
from tests.unit.services.diaries import NOON, StoppedClock, add_entry, add_journal, set_zone

IDS = {mood.name: mood.id for mood in MOODS}


@pytest.fixture
async def planted(store: Store) -> Store:
    await plant_catalogue(store, StoppedClock())
    return store


async def log(store: Store, scope: UserScope, at: str, mood: str = "Calm") -> None:
    await MoodLogService(store, StoppedClock()).log(scope, MoodNote(mood_id=IDS[mood], at=at))


async def test_a_changed_catalogue_is_seen_at_once(planted: Store, user: UserScope) -> None:
    moods = MoodService(planted)
    assert (await moods.get(user, IDS["Calm"]))["name"] == "Calm"
    serene: list[MoodRecord] = [
        {**record, "name": "Serene"} for record in mood_records(NOON) if record["name"] == "Calm"
    ]
    await planted.write(SYSTEM, lambda tx: tx.moods.plant(serene))
    assert (await moods.get(user, IDS["Calm"]))["name"] == "Serene"


async def test_a_log_without_time_or_zone_is_now_at_home(planted: Store, user: UserScope) -> None:
    await set_zone(planted, user, "Pacific/Kiritimati")
    logs = MoodLogService(planted, StoppedClock())
    made = await logs.log(user, MoodNote(mood_id=IDS["Calm"]))
    assert made["logged_datetime_utc"] == NOON
    assert made["logged_timezone"] == "Pacific/Kiritimati"
    assert made["logged_date"] == "2026-03-16"


async def test_the_mood_is_looked_for_before_the_entry(planted: Store, user: UserScope) -> None:
    logs = MoodLogService(planted, StoppedClock())
    with pytest.raises(NotFound, match="Mood not found"):
        await logs.log(user, MoodNote(mood_id=new_id(), entry_id=new_id()))
    with pytest.raises(NotFound, match="Entry not found"):
        await logs.log(user, MoodNote(mood_id=IDS["Calm"], entry_id=new_id()))
    with pytest.raises(Invalid):
        await logs.log(user, MoodNote(mood_id=IDS["Calm"], zone="Mars/Olympus"))
    assert await logs.page(user, MoodLogFilter(), Page()) == []


async def test_an_entrys_log_takes_the_entrys_time(planted: Store, user: UserScope) -> None:
    journal = await add_journal(planted, user)
    entry = await add_entry(planted, user, journal, "2026-03-01T12:00:00.000000Z")
    note = MoodNote(mood_id=IDS["Calm"], entry_id=entry["id"], at=NOON, zone="Asia/Tokyo")
    made = await MoodLogService(planted, StoppedClock()).log(user, note)
    assert made["logged_date"] == "2026-03-01"
    assert made["logged_timezone"] == "UTC"


async def test_a_zone_alone_moves_the_day_and_keeps_the_instant(
    planted: Store, user: UserScope
) -> None:
    logs = MoodLogService(planted, StoppedClock())
    made = await logs.log(user, MoodNote(mood_id=IDS["Calm"], note="kept"))
    moved = await logs.change(user, made["id"], MoodNoteChange(zone="Pacific/Kiritimati"))
    assert moved["logged_datetime_utc"] == NOON
    assert moved["logged_date"] == "2026-03-16"
    assert moved["note"] == "kept"


async def test_statistics_count_both_ends_of_the_last_thirty_days(
    planted: Store, user: UserScope
) -> None:
    for day in ("2026-02-12", "2026-02-13", "2026-03-15", "2026-03-16"):
        await log(planted, user, f"{day}T08:00:00.000000Z")
    await log(planted, user, NOON, "Sad")
    found = await MoodInsightService(planted, StoppedClock()).statistics(user)
    assert found["date_range"] == {"start_date": "2026-02-13", "end_date": "2026-03-15"}
    assert found["total_logs"] == 3
    assert found["most_frequent_mood"] == {"name": "Calm", "category": "positive", "count": 2}
    assert found["mood_distribution"] == {"positive": 66.67, "negative": 33.33, "neutral": 0.0}
    assert [mood["percentage"] for mood in found["mood_counts"]] == [66.67, 33.33]
    assert found["daily_trends"] == [
        {"date": "2026-02-13", "category": "positive", "count": 1},
        {"date": "2026-03-15", "category": "negative", "count": 1},
        {"date": "2026-03-15", "category": "positive", "count": 1},
    ]


async def test_no_moods_have_no_most_frequent_one(planted: Store, user: UserScope) -> None:
    found = await MoodInsightService(planted, StoppedClock()).statistics(
        user, "2026-03-02", "2026-03-01"
    )
    assert (found["total_logs"], found["most_frequent_mood"]) == (0, None)
    assert found["mood_distribution"] == {"positive": 0.0, "negative": 0.0, "neutral": 0.0}


@pytest.mark.parametrize(
    ("days", "current", "longest"),
    [
        (["2026-03-13", "2026-03-14", "2026-03-15"], 3, 3),
        (["2026-03-13", "2026-03-14"], 2, 2),
        (["2026-03-12", "2026-03-13"], 0, 2),
        (["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-15"], 1, 3),
        (["2026-03-15", "2026-03-16"], 1, 2),
    ],
)
async def test_a_mood_streak_needs_a_log_today_or_yesterday(
    planted: Store, user: UserScope, days: list[str], current: int, longest: int
) -> None:
    for day in days:
        await log(planted, user, f"{day}T08:00:00.000000Z")
    assert await MoodInsightService(planted, StoppedClock()).streak(user) == {
        "current_streak": current,
        "longest_streak": longest,
        "total_days_logged": len(days),
    }


async def test_today_is_the_persons_own(planted: Store, user: UserScope) -> None:
    await log(planted, user, "2026-03-14T08:00:00.000000Z")
    insights = MoodInsightService(planted, StoppedClock())
    assert (await insights.streak(user))["current_streak"] == 1
    await set_zone(planted, user, "Pacific/Kiritimati")
    assert (await insights.streak(user))["current_streak"] == 0


async def test_nobody_who_logged_nothing_has_logged_days(planted: Store, user: UserScope) -> None:
    found = await MoodInsightService(planted, StoppedClock()).streak(user)
    assert found == {"current_streak": 0, "longest_streak": 0}
