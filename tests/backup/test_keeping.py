from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from journiv.services.backup.keeping import Keep

LAST = datetime(2026, 6, 30, 3, tzinfo=UTC)  # a Tuesday
DAILY = [LAST - timedelta(days=day) for day in range(400)]


def test_a_plain_number_keeps_so_many_of_the_newest() -> None:
    assert Keep.read("3").chosen(DAILY) == set(DAILY[:3])


def test_days_weeks_and_months_keep_the_last_backup_of_each() -> None:
    kept = sorted(Keep.read("7/4/6").chosen(DAILY), reverse=True)
    days, weeks = DAILY[:7], [datetime(2026, 6, day, 3, tzinfo=UTC) for day in (28, 21, 14)]
    months = [datetime(2026, month, day, 3, tzinfo=UTC)
              for month, day in ((5, 31), (4, 30), (3, 31), (2, 28), (1, 31))]  # fmt: skip
    assert kept == sorted({*days, *weeks, *months}, reverse=True)


def test_of_many_backups_a_day_the_last_stays() -> None:
    hourly = [LAST - timedelta(hours=hour) for hour in range(48)]
    assert Keep.read("2/0/0").chosen(hourly) == {LAST, datetime(2026, 6, 29, 23, tzinfo=UTC)}


@pytest.mark.parametrize("text", ["1", "7/4/6"])
def test_the_newest_stays_however_old_it_is(text: str) -> None:
    assert Keep.read(text).chosen([DAILY[-1]]) == {DAILY[-1]}
