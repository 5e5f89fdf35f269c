"""Writing in numbers, from rollups alone: as quick for a million entries as for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any, Final

from journiv.contracts.records import JournalRecord, StreakRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock
from journiv.domain.scope import UserScope

TOP_TAGS: Final = 10


@dataclass(frozen=True, slots=True)
class Window:
    """The last `days` days up to today in UTC, both ends inclusive."""

    days: int
    today: date

    @property
    def start(self) -> str:
        """The first day."""
        return (self.today - timedelta(days=self.days)).isoformat()

    @property
    def end(self) -> str:
        """The last day: today."""
        return self.today.isoformat()


class AnalyticsService:
    """Answers how much, how often and where a person writes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def streak(self, scope: UserScope) -> Mapping[str, Any]:
        """Return runs of days and totals."""
        return _streak(await self._store.read(scope, _read_streak))

    async def patterns(self, scope: UserScope, days: int) -> Mapping[str, Any]:
        """Return entries, moods and the most used tags of the last `days` days."""
        window = Window(days, self._today())
        return await self._store.read(scope, lambda tx: _patterns(tx, window))

    async def productivity(self, scope: UserScope) -> Mapping[str, Any]:
        """Compare this month with the last, months being UTC."""
        today = self._today()
        return await self._store.read(scope, lambda tx: _productivity(tx, today))

    async def journals(self, scope: UserScope) -> Mapping[str, Any]:
        """Return every journal's totals, the fullest first."""
        journals = await self._store.read(scope, _read_journals)
        return {"journals": _journals(journals)}

    async def dashboard(self, scope: UserScope, days: int) -> Mapping[str, Any]:
        """Return all of the above from one moment."""
        window = Window(days, self._today())

        def work(tx: Transaction) -> Mapping[str, Any]:
            streak, journals = _read_streak(tx), _read_journals(tx)
            return {
                "writing_streak": _streak(streak),
                "writing_patterns": _patterns(tx, window),
                "productivity": _productivity(tx, window.today),
                "journals": {"journals": _journals(journals)},
                "summary": {
                    "total_journals": len(journals),
                    "total_entries": streak["total_entries"],
                    "current_streak": streak["current_streak"],
                    "longest_streak": streak["longest_streak"],
                },
            }

        return await self._store.read(scope, work)

    def _today(self) -> date:
        return self._clock.now().astimezone(UTC).date()


def _read_streak(tx: Transaction) -> StreakRecord:
    return tx.insights.streak()


def _read_journals(tx: Transaction) -> list[JournalRecord]:
    return tx.journals.all(include_archived=True)


def _streak(streak: StreakRecord) -> Mapping[str, Any]:
    entries, words = streak["total_entries"], streak["total_words"]
    return {**streak, "average_words_per_entry": round(words / entries, 2) if entries else 0.0}


def _patterns(tx: Transaction, window: Window) -> Mapping[str, Any]:
    start, end = window.start, window.end
    return {
        "period_days": window.days,
        "entries_by_day": [
            {"date": day.day, "entry_count": day.entries, "total_words": day.words}
            for day in tx.insights.by_day(start, end)
        ],
        "mood_patterns": [
            {"date": day, "mood_count": count}
            for day, count in tx.insights.moods_by_day(start, end)
        ],
        "top_tags": [
            {"tag_name": name, "usage_count": count}
            for name, count in tx.insights.top_tags(start, end, TOP_TAGS)
        ],
    }


def _productivity(tx: Transaction, today: date) -> Mapping[str, Any]:
    this_month = today.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    next_month = (this_month + timedelta(days=31)).replace(day=1)
    entries, words = tx.insights.totals_between(_midnight(this_month), _midnight(next_month))
    before, _ = tx.insights.totals_between(_midnight(last_month), _midnight(this_month))
    return {
        "current_month_entries": entries,
        "current_month_words": words,
        "entry_growth_percentage": round(100 * (entries - before) / before, 2) if before else 0.0,
        "average_daily_entries": round(entries / today.day, 2),
        "average_words_per_day": round(words / today.day, 2),
    }


def _journals(journals: Sequence[JournalRecord]) -> list[Mapping[str, Any]]:
    ranked = sorted(journals, key=lambda journal: (-journal["entry_count"], journal["title"]))
    return [
        {
            "journal_id": journal["id"],
            "title": journal["title"],
            "entry_count": journal["entry_count"],
            "total_words": journal["total_words"],
            "last_entry": journal["last_entry_at"],
        }
        for journal in ranked
    ]


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000000Z"
