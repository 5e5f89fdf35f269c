from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from journiv.domain.clock import instant, local_day
from journiv.sqlstore.tables import day_stats
from tests.unit.sqlstore.inmemory import Diary, diary, new_entry

START = "2026-03-01T00:00:00.000000Z"
END = "2026-04-01T00:00:00.000000Z"
ZONES = ("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/London")


@pytest.fixture
def book() -> Iterator[Diary]:
    with diary() as opened:
        opened.journal(opened.ana, "journal")
        yield opened


def write_every(book: Diary, hours: int) -> list[str]:
    """Write entries from before START until after END, in changing zones; return their times."""
    moment = datetime(2026, 2, 25, tzinfo=UTC) - timedelta(microseconds=1)
    written: list[str] = []
    while moment < datetime(2026, 4, 6, tzinfo=UTC):
        for zone in ZONES:
            at = instant(moment)
            day = local_day(at, zone)
            book.ana.entries.add(new_entry(f"{at} {zone}", "journal", day, 2, at=at, zone=zone))
            written.append(at)
        moment += timedelta(hours=hours)
    return written


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START, END),
        (START, "2026-03-08T00:00:00.000000Z"),
        (START, "2026-03-08T07:30:00.000000Z"),
        (START, "2026-03-02T00:00:00.000000Z"),
        ("2026-03-01T10:00:00.000000Z", END),
        (END, START),
    ],
)
def test_totals_are_those_of_the_instants_in_every_zone(book: Diary, start: str, end: str) -> None:
    inside = [at for at in write_every(book, 7) if start <= at < end]
    assert book.ana.insights.totals_between(start, end) == (len(inside), 2 * len(inside))
    assert book.ben.insights.totals_between(start, end) == (0, 0)


def test_a_months_inner_days_come_from_their_sums(book: Diary) -> None:
    book.ana.entries.add(new_entry("e", "journal", "2026-03-15", 2))
    book.connection.execute(update(day_stats).values(entries=40, words=500))
    assert book.ana.insights.totals_between(START, END) == (40, 500)
