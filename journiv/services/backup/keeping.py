"""Which backups stay: so many of the newest, or the newest of so many days, weeks and months."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Keep:
    """`newest` backups stay, and the last one of each of so many days, weeks and months (UTC)."""

    newest: int = 0
    days: int = 0
    weeks: int = 0
    months: int = 0

    @classmethod
    def read(cls, text: str) -> Keep:
        """Read `14`, or `7/4/6` for days, weeks and months. Raises `ValueError`."""
        if "/" not in text:
            return cls(newest=int(text))
        days, weeks, months = map(int, text.split("/"))
        return cls(days=days, weeks=weeks, months=months)

    def chosen(self, moments: Iterable[datetime]) -> set[datetime]:
        """Return which of these stay. The newest of all always does."""
        newest_first = sorted(moments, reverse=True)
        return {
            *newest_first[: max(1, self.newest)],
            *_last_of_each(newest_first, self.days, lambda at: at.date()),
            *_last_of_each(newest_first, self.weeks, lambda at: at.isocalendar()[:2]),
            *_last_of_each(newest_first, self.months, lambda at: (at.year, at.month)),
        }


def _last_of_each(
    newest_first: Iterable[datetime], most: int, span: Callable[[datetime], object]
) -> Iterable[datetime]:
    last: dict[object, datetime] = {}
    for at in newest_first:
        last.setdefault(span(at), at)
    return list(last.values())[:most]
