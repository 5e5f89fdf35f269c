"""How tags are used over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any, Final

from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock
from journiv.domain.errors import NotFound
from journiv.domain.scope import UserScope

TOP: Final = 20
TOGETHER: Final = 10
_FIRST_DAY: Final = "0001-01-01"
_LAST_DAY: Final = "9999-12-31"


class TagInsightService:
    """Counts tags by the days of their entries; windows end today in UTC, both ends inclusive."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def overview(self, scope: UserScope, days: int) -> Mapping[str, Any]:
        """Return how the tags of a person were used in the last `days` days."""
        start, end = self._window(days)

        def work(tx: Transaction) -> Mapping[str, Any]:
            total, used = tx.tags.totals()
            entries = sum(day.entries for day in tx.insights.by_day(start, end))
            links = tx.tags.by_day(start, end)
            usage = sum(count for _, count in links)
            return {
                "total_tags": total,
                "used_tags": used,
                "unused_tags": total - used,
                "total_entries": entries,
                "total_usage": usage,
                "average_tags_per_entry": round(usage / entries, 2) if entries else 0.0,
                "top_tags": [
                    {"tag_name": name, "usage_count": count}
                    for name, count in tx.insights.top_tags(start, end, TOP)
                ],
                "usage_by_month": _by_month(links),
            }

        return {**self._period(days), **await self._store.read(scope, work, long=True)}

    async def of_tag(self, scope: UserScope, tag_id: str, days: int) -> Mapping[str, Any]:
        """Return how one tag was used. Raises `NotFound`."""
        start, end = self._window(days)

        def work(tx: Transaction) -> Mapping[str, Any]:
            tag = tx.tags.get(tag_id)
            if tag is None:
                raise NotFound("Tag not found")
            ever = tx.tags.by_day(_FIRST_DAY, _LAST_DAY, tag_id)
            inside = [(day, count) for day, count in ever if start <= day <= end]
            usage = sum(count for _, count in inside)
            entries = sum(day.entries for day in tx.insights.by_day(start, end))
            return {
                "tag": tag,
                "total_entries": entries,
                "usage_count": usage,
                "share_of_entries": round(100 * usage / entries, 2) if entries else 0.0,
                "first_used": ever[0][0] if ever else None,
                "last_used": ever[-1][0] if ever else None,
                "usage_by_month": _by_month(inside),
                "together_with": _together(tx, tag_id),
            }

        return {**self._period(days), **await self._store.read(scope, work, long=True)}

    def _window(self, days: int) -> tuple[str, str]:
        today = self._clock.now().astimezone(UTC).date()
        return (today - timedelta(days=days)).isoformat(), today.isoformat()

    def _period(self, days: int) -> dict[str, Any]:
        start, end = self._window(days)
        return {"period_days": days, "start_date": start, "end_date": end}


def _together(tx: Transaction, tag_id: str) -> Sequence[Mapping[str, Any]]:
    return [
        {"tag_id": tag["id"], "tag_name": tag["name"], "entry_count": count}
        for tag, count in tx.tags.together_with(tag_id, TOGETHER)
    ]


def _by_month(days: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    months: Counter[str] = Counter()
    for day, count in days:
        months[day[:7]] += count
    return [{"month": month, "usage_count": count} for month, count in sorted(months.items())]
