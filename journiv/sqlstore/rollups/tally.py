"""Signed sums of a change, and their way into the rollup tables."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, delete, insert, select, update

from journiv.sqlstore.prepared import Prepared
from journiv.sqlstore.rollups import streak
from journiv.sqlstore.rollups.counts import Counts
from journiv.sqlstore.rollups.snapshots import Snapshot
from journiv.sqlstore.tables import (
    day_stats,
    journal_stats,
    moments,
    mood_days,
    prompt_uses,
    tag_days,
    tags,
)


class Tally:
    """What a change adds to each rollup; a negative number takes away.

    `raised` holds the newest instant a journal got, `lowered` the journals that lost an entry, so
    that their newest one has to be looked up.
    """

    def __init__(self) -> None:
        self.journals: Counter[str] = Counter()
        self.journal_words: Counter[str] = Counter()
        self.days: Counter[str] = Counter()
        self.day_words: Counter[str] = Counter()
        self.tag_days: Counter[tuple[str, ...]] = Counter()
        self.mood_days: Counter[tuple[str, ...]] = Counter()
        self.prompts: Counter[tuple[str, ...]] = Counter()
        self.tags: Counter[str] = Counter()
        self.raised: dict[str, str] = {}
        self.lowered: dict[str, str] = {}

    def add(self, moment: Snapshot) -> None:
        """Count a moment in."""
        self._count(moment, 1)
        if moment.is_entry and moment.journal_id is not None:
            newest = self.raised.get(moment.journal_id, moment.at)
            self.raised[moment.journal_id] = max(newest, moment.at)

    def take(self, moment: Snapshot) -> None:
        """Count a moment out."""
        self._count(moment, -1)
        if moment.is_entry and moment.journal_id is not None:
            self.lowered[moment.journal_id] = moment.at

    def _count(self, moment: Snapshot, sign: int) -> None:
        if moment.is_entry:
            if moment.journal_id is not None:
                self.journals[moment.journal_id] += sign
                self.journal_words[moment.journal_id] += sign * moment.words
            self.days[moment.day] += sign
            self.day_words[moment.day] += sign * moment.words
            for tag_id in moment.tag_ids:
                self.tag_days[moment.day, tag_id] += sign
            if moment.prompt_id is not None:
                self.prompts[moment.prompt_id,] += sign
        if moment.status in ("entry", "draft"):
            for tag_id in moment.tag_ids:
                self.tags[tag_id] += sign
        if moment.mood_id is not None and moment.status in ("entry", "log"):
            self.mood_days[moment.day, moment.mood_id] += sign


def write(connection: Connection, user_id: str, tally: Tally) -> None:
    """Add a tally to the rollups of a person."""
    _journals(connection, user_id, tally)
    added, removed = _days(connection, user_id, tally)
    streak.follow(
        connection,
        user_id,
        entries=sum(tally.days.values()),
        words=sum(tally.day_words.values()),
        added=added,
        removed=removed,
    )
    _TAG_DAYS.add(connection, user_id, tally.tag_days)
    _MOOD_DAYS.add(connection, user_id, tally.mood_days)
    _PROMPTS.add(connection, user_id, tally.prompts)
    used = [{"user": user_id, "tag": one, "n": count} for one, count in tally.tags.items() if count]
    if used:
        connection.execute(_TAG_USAGE, used)


_TAG_DAYS: Final = Counts(tag_days.c.entries, tag_days.c.day, tag_days.c.tag_id)
_MOOD_DAYS: Final = Counts(mood_days.c.logs, mood_days.c.day, mood_days.c.mood_id)
_PROMPTS: Final = Counts(prompt_uses.c.uses, prompt_uses.c.prompt_id)
_TAG_USAGE: Final = (
    update(tags)
    .where(tags.c.user_id == bindparam("user"), tags.c.id == bindparam("tag"))
    .values(usage_count=tags.c.usage_count + bindparam("n"))
)
_DAY: Final = (day_stats.c.user_id == bindparam("user"), day_stats.c.day == bindparam("on"))
_DAY_ADD: Final = Prepared(
    update(day_stats)
    .where(*_DAY)
    .values(entries=day_stats.c.entries + bindparam("n"), words=day_stats.c.words + bindparam("w"))
)
_DAY_NEW: Final = Prepared(
    insert(day_stats).values(
        user_id=bindparam("user"), day=bindparam("on"), entries=bindparam("n"), words=bindparam("w")
    )
)
_DAY_GONE: Final = delete(day_stats).where(*_DAY, day_stats.c.entries == 0)

_JOURNAL_KEY: Final = (
    journal_stats.c.user_id == bindparam("user"),
    journal_stats.c.journal_id == bindparam("journal"),
)
_JOURNAL_CHANGE: Final = (
    update(journal_stats)
    .where(*_JOURNAL_KEY)
    .values(
        entry_count=journal_stats.c.entry_count + bindparam("n"),
        total_words=journal_stats.c.total_words + bindparam("w"),
    )
)
_JOURNAL_ADD: Final = Prepared(_JOURNAL_CHANGE)
_JOURNAL_RAISE: Final = Prepared(
    _JOURNAL_CHANGE.values(
        last_entry_at=case(
            (journal_stats.c.last_entry_at >= bindparam("last"), journal_stats.c.last_entry_at),
            else_=bindparam("last", type_=journal_stats.c.last_entry_at.type),
        )
    )
)
_JOURNAL_SET: Final = Prepared(_JOURNAL_CHANGE.values(last_entry_at=bindparam("last")))
_JOURNAL_NEW: Final = Prepared(
    insert(journal_stats).values(
        user_id=bindparam("user"),
        journal_id=bindparam("journal"),
        entry_count=bindparam("n"),
        total_words=bindparam("w"),
        last_entry_at=bindparam("last"),
    )
)
# One probe of `ix_moments_journal` each for pinned and other entries.
_NEWEST: Final = (
    select(moments.c.at)
    .where(
        moments.c.user_id == bindparam("user"),
        moments.c.journal_id == bindparam("journal"),
        moments.c.status == "entry",
        moments.c.is_pinned == bindparam("pinned"),
    )
    .order_by(moments.c.at.desc(), moments.c.id.desc())
    .limit(1)
)


def _days(connection: Connection, user_id: str, tally: Tally) -> tuple[list[str], list[str]]:
    """Write the day sums; return the days that got their first and lost their last entry."""
    added: list[str] = []
    removed: list[str] = []
    for day, count in tally.days.items():
        words = tally.day_words[day]
        if not count and not words:
            continue
        values = {"user": user_id, "on": day, "n": count, "w": words}
        if not _DAY_ADD.change(connection, values):
            _DAY_NEW.change(connection, values)
            added.append(day)
        elif count < 0 and connection.execute(_DAY_GONE, {"user": user_id, "on": day}).rowcount:
            removed.append(day)
    return added, removed


def _journals(connection: Connection, user_id: str, tally: Tally) -> None:
    for journal_id, count in tally.journals.items():
        values: dict[str, Any] = {
            "user": user_id,
            "journal": journal_id,
            "n": count,
            "w": tally.journal_words[journal_id],
        }
        raised, lowered = tally.raised.get(journal_id), tally.lowered.get(journal_id)
        if raised == lowered:
            if count or values["w"]:
                _JOURNAL_ADD.change(connection, values)
            continue
        if raised is not None and (lowered is None or raised > lowered):
            statement, values["last"] = _JOURNAL_RAISE, raised
        else:
            statement, values["last"] = _JOURNAL_SET, newest_entry(connection, user_id, journal_id)
        if not statement.change(connection, values):
            _JOURNAL_NEW.change(connection, values)


def newest_entry(connection: Connection, user_id: str, journal_id: str) -> str | None:
    """Return the instant of a journal's newest entry."""
    found = [
        connection.execute(
            _NEWEST, {"user": user_id, "journal": journal_id, "pinned": pinned}
        ).scalar()
        for pinned in (True, False)
    ]
    return max((at for at in found if at is not None), default=None)
