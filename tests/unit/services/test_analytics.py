from __future__ import annotations

from journiv.contracts.repositories.mood_logs import NewMoodLog
from journiv.contracts.storage import Store
from journiv.domain.catalogue import MOODS
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.journal.analytics import AnalyticsService
from journiv.services.journal.catalogue import plant_catalogue
from journiv.services.journal.tags import TagService
from tests.unit.services.diaries import NOON, StoppedClock, add_entry, add_journal


def analytics(store: Store, at: str = NOON) -> AnalyticsService:
    return AnalyticsService(store, StoppedClock(at))


async def test_the_streak_tells_days_totals_and_the_average(store: Store, user: UserScope) -> None:
    journal = await add_journal(store, user)
    for day, words in (("2026-03-01", 10), ("2026-03-02", 11), ("2026-03-02", 11)):
        await add_entry(store, user, journal, f"{day}T12:00:00.000000Z", word_count=words)
    assert await analytics(store).streak(user) == {
        "current_streak": 2,
        "longest_streak": 2,
        "total_entries": 3,
        "total_words": 32,
        "average_words_per_entry": 10.67,
        "last_entry_date": "2026-03-02",
        "streak_start_date": "2026-03-01",
    }


async def test_nothing_written_is_all_zeros(store: Store, user: UserScope) -> None:
    dashboard = await analytics(store).dashboard(user, 30)
    assert dashboard["writing_streak"] == {
        "current_streak": 0,
        "longest_streak": 0,
        "total_entries": 0,
        "total_words": 0,
        "average_words_per_entry": 0.0,
        "last_entry_date": None,
        "streak_start_date": None,
    }
    assert set(dashboard["productivity"].values()) == {0}
    assert dashboard["journals"] == {"journals": []}
    assert set(dashboard["summary"].values()) == {0}


async def test_patterns_hold_both_ends_of_the_window_and_omit_empty_days(
    store: Store, user: UserScope
) -> None:
    await plant_catalogue(store, StoppedClock())
    journal = await add_journal(store, user)
    tags = TagService(store, StoppedClock(), lambda event: None)
    for day in ("2026-03-04", "2026-03-05", "2026-03-15", "2026-03-16"):
        entry = await add_entry(store, user, journal, f"{day}T12:00:00.000000Z")
        await tags.put_names(user, entry["id"], ["always", day])
    log = NewMoodLog(
        id=new_id(),
        mood_id=MOODS[0].id,
        note=None,
        at=NOON,
        zone="UTC",
        day="2026-03-15",
        created_at=NOON,
    )
    await store.write(user, lambda tx: tx.mood_logs.add(log))
    assert await analytics(store).patterns(user, 10) == {
        "period_days": 10,
        "entries_by_day": [
            {"date": "2026-03-05", "entry_count": 1, "total_words": 3},
            {"date": "2026-03-15", "entry_count": 1, "total_words": 3},
        ],
        "mood_patterns": [{"date": "2026-03-15", "mood_count": 1}],
        "top_tags": [
            {"tag_name": "always", "usage_count": 2},
            {"tag_name": "2026-03-05", "usage_count": 1},
            {"tag_name": "2026-03-15", "usage_count": 1},
        ],
    }


async def test_months_are_compared_by_instant_in_utc(store: Store, user: UserScope) -> None:
    journal = await add_journal(store, user)
    for at in (
        "2026-01-31T23:59:59.999999Z",
        "2026-02-01T00:00:00.000000Z",
        "2026-02-28T23:59:59.999999Z",
        "2026-03-01T00:00:00.000000Z",
        "2026-03-15T12:00:00.000000Z",
        "2026-03-31T23:59:59.999999Z",
        "2026-04-01T00:00:00.000000Z",
    ):
        await add_entry(store, user, journal, at)
    assert await analytics(store).productivity(user) == {
        "current_month_entries": 3,
        "current_month_words": 9,
        "entry_growth_percentage": 50.0,
        "average_daily_entries": 0.2,
        "average_words_per_day": 0.6,
    }


async def test_december_is_the_month_before_january(store: Store, user: UserScope) -> None:
    journal = await add_journal(store, user)
    for at in ("2025-12-31T10:00:00.000000Z", "2025-12-01T10:00:00.000000Z"):
        await add_entry(store, user, journal, at)
    await add_entry(store, user, journal, "2026-01-31T10:00:00.000000Z")
    found = await analytics(store, "2026-01-31T12:00:00.000000Z").productivity(user)
    assert found["entry_growth_percentage"] == -50.0


async def test_journals_come_fullest_first_with_empty_and_archived_ones(
    store: Store, user: UserScope
) -> None:
    await add_journal(store, user, "Empty")
    full, other = await add_journal(store, user, "Full"), await add_journal(store, user, "Other")
    await store.write(user, lambda tx: tx.journals.change(full, {"is_archived": True}, NOON))
    for journal in (full, full, other):
        await add_entry(store, user, journal)
    found = (await analytics(store).journals(user))["journals"]
    assert [(one["title"], one["entry_count"], one["last_entry"]) for one in found] == [
        ("Full", 2, NOON),
        ("Other", 1, NOON),
        ("Empty", 0, None),
    ]


async def test_the_dashboard_holds_what_the_single_figures_say(
    store: Store, user: UserScope
) -> None:
    journal = await add_journal(store, user)
    await add_entry(store, user, journal)
    service = analytics(store)
    assert await service.dashboard(user, 7) == {
        "writing_streak": await service.streak(user),
        "writing_patterns": await service.patterns(user, 7),
        "productivity": await service.productivity(user),
        "journals": await service.journals(user),
        "summary": {
            "total_journals": 1,
            "total_entries": 1,
            "current_streak": 1,
            "longest_streak": 1,
        },
    }
