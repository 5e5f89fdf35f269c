"""What the moods of some time add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta
from typing import Any, Final

from journiv.contracts.records import MoodRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.catalogue import MOOD_CATEGORIES
from journiv.domain.clock import Clock, instant, local_day
from journiv.domain.scope import UserScope

WINDOW: Final = timedelta(days=30)

DayCount = tuple[str, str, int]


class MoodInsightService:
    """Counts moods by the days their logs carry."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def statistics(
        self, scope: UserScope, start: str | None = None, end: str | None = None
    ) -> Mapping[str, Any]:
        """Count the moods of these days, both inclusive; by default the last 30 days in UTC."""
        today = self._clock.now().astimezone(UTC).date()
        first, last = start or (today - WINDOW).isoformat(), end or today.isoformat()

        def work(tx: Transaction) -> tuple[list[DayCount], list[MoodRecord]]:
            return tx.mood_logs.counts(first, last), tx.moods.all()

        counts, moods = await self._store.read(scope, work)
        return {
            "date_range": {"start_date": first, "end_date": last},
            **_statistics(counts, {mood["id"]: mood for mood in moods}),
        }

    async def streak(self, scope: UserScope) -> Mapping[str, int]:
        """Return runs of days with a log; the current one reaches today or yesterday at home."""
        now = instant(self._clock.now())

        def work(tx: Transaction) -> tuple[list[str], str]:
            return tx.mood_logs.days(), tx.settings.time_zone()

        days, zone = await self._store.read(scope, work, long=True)
        if not days:
            return {"current_streak": 0, "longest_streak": 0}
        ordinals = [date.fromisoformat(day).toordinal() for day in days]
        today = date.fromisoformat(local_day(now, zone)).toordinal()
        return {
            "current_streak": _run_up_to(ordinals, today),
            "longest_streak": _longest_run(ordinals),
            "total_days_logged": len(days),
        }


def _statistics(counts: Sequence[DayCount], moods: Mapping[str, MoodRecord]) -> Mapping[str, Any]:
    per_mood: Counter[str] = Counter()
    per_category: Counter[str] = Counter()
    trends: Counter[tuple[str, str]] = Counter()
    for day, mood_id, count in counts:
        category = moods[mood_id]["category"]
        per_mood[mood_id] += count
        per_category[category] += count
        trends[day, category] += count
    total = per_mood.total()
    ranked = sorted(per_mood.items(), key=lambda item: (-item[1], moods[item[0]]["name"]))
    named: list[dict[str, Any]] = [
        {"name": moods[key]["name"], "category": moods[key]["category"], "count": count}
        for key, count in ranked
    ]
    return {
        "total_logs": total,
        "mood_distribution": {
            name: _percent(per_category[name], total) for name in MOOD_CATEGORIES
        },
        "most_frequent_mood": named[0] if named else None,
        "mood_counts": [mood | {"percentage": _percent(mood["count"], total)} for mood in named],
        "daily_trends": [
            {"date": day, "category": category, "count": count}
            for (day, category), count in sorted(trends.items())
        ],
    }


def _percent(part: int, total: int) -> float:
    return round(100 * part / total, 2) if total else 0.0


def _longest_run(ordinals: Sequence[int]) -> int:
    longest = run = 0
    previous = None
    for day in ordinals:
        run = run + 1 if previous is not None and day == previous + 1 else 1
        longest, previous = max(longest, run), day
    return longest


def _run_up_to(ordinals: Sequence[int], today: int) -> int:
    """Return how many days in a row end today, or else yesterday."""
    days = set(ordinals)
    last = today if today in days else today - 1
    run = 0
    while last - run in days:
        run += 1
    return run
