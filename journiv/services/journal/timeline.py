"""The diary as time: moments, days, and what happened on this day."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from journiv.contracts.records import (
    DayRecord,
    EntryRecord,
    IllustratedMoment,
    MediaRecord,
    MomentRecord,
)
from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant, local_day
from journiv.domain.scope import UserScope
from journiv.services.media.signing import THUMBNAIL, MediaSigner


class Memory(TypedDict):
    """One earlier day: whole years ago, or (with `years_ago` 0) months ago."""

    date: str
    years_ago: int
    months_ago: int
    entries: list[EntryRecord]


class TimelineService:
    """Reads the diary in the order of time."""

    def __init__(self, store: Store, clock: Clock, signer: MediaSigner) -> None:
        self._store = store
        self._clock = clock
        self._signer = signer

    async def page(
        self, scope: UserScope, page: Page, security_version: int
    ) -> list[IllustratedMoment]:
        """Return entries and bare mood logs, newest first, each with its first picture."""

        def work(tx: Transaction) -> tuple[list[MomentRecord], Mapping[str, MediaRecord]]:
            moments = tx.timeline.page(page)
            if not moments:
                return moments, {}
            last, first = moments[-1]["logged_at_utc"], moments[0]["logged_at_utc"]
            return moments, tx.media.first_between(last, first)

        moments, pictures = await self._store.read(scope, work)
        return [
            {**moment, "thumbnail_url": self._address(pictures.get(moment["id"]), security_version)}
            for moment in moments
        ]

    async def days(
        self, scope: UserScope, start_date: str, end_date: str, security_version: int
    ) -> list[DayRecord]:
        """Return the days that hold something, oldest first; both ends inclusive."""

        def work(tx: Transaction) -> tuple[list[DayRecord], Mapping[str, MediaRecord]]:
            days = tx.timeline.days(start_date, end_date)
            return days, tx.media.first_of_days(start_date, end_date)

        days, pictures = await self._store.read(scope, work, long=True)
        for day in days:
            day["thumbnail_url"] = self._address(pictures.get(day["date"]), security_version)
        return days

    def _address(self, medium: MediaRecord | None, security_version: int) -> str | None:
        if medium is None or THUMBNAIL not in medium["variants"]:
            return None
        now = self._clock.now().timestamp()
        return self._signer.sign(medium, THUMBNAIL, security_version, now).url

    async def on_this_day(self, scope: UserScope, day: str | None) -> list[Memory]:
        """Return earlier years' entries of a day, then those of six months and a month before.

        Without a day it is the person's today.
        """
        now = instant(self._clock.now())

        def work(tx: Transaction) -> list[Memory]:
            today = date.fromisoformat(day or local_day(now, tx.settings.time_zone()))
            first = tx.timeline.first_day()
            if first is None:
                return []
            memories = [*_years(today, int(first[:4])), *_months(today)]
            entries = tx.timeline.on_days([memory["date"] for memory in memories])
            found: dict[str, list[EntryRecord]] = {}
            for entry in entries:
                found.setdefault(entry["entry_date"], []).append(entry)
            return [
                {**memory, "entries": found[memory["date"]]}
                for memory in memories
                if memory["date"] in found
            ]

        return await self._store.read(scope, work, long=True)


def _years(today: date, first_year: int) -> list[Memory]:
    """Return this day in earlier years; 29 February is remembered on the 28th in other years."""
    memories: list[Memory] = []
    for year in range(today.year - 1, first_year - 1, -1):
        days = [(today.month, today.day)]
        if days == [(2, 28)] and not isleap(today.year) and isleap(year):
            days.insert(0, (2, 29))
        for month, day in days:
            if day <= monthrange(year, month)[1]:
                memories.append(_memory(date(year, month, day), years=today.year - year))
    return memories


def _months(today: date) -> list[Memory]:
    memories: list[Memory] = []
    for months in (6, 1):
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        if year >= 1 and today.day <= monthrange(year, month + 1)[1]:
            memories.append(_memory(date(year, month + 1, today.day), months=months))
    return memories


def _memory(day: date, *, years: int = 0, months: int = 0) -> Memory:
    return {"date": day.isoformat(), "years_ago": years, "months_ago": months, "entries": []}
