from __future__ import annotations

import pytest

from journiv.domain.errors import Invalid
from journiv.domain.when import When, when_changed, when_new

NOW = "2026-03-01T22:30:15.123456Z"


def test_without_a_time_an_entry_happens_now_on_the_local_day() -> None:
    assert when_new(NOW, "Pacific/Auckland", None, None).day == "2026-03-02"
    assert when_new(NOW, "America/Los_Angeles", None, None).day == "2026-03-01"


def test_an_instant_wins_over_a_day() -> None:
    when = when_new(NOW, "UTC", "2020-01-01T00:00:00.000000Z", "2021-05-05")
    assert (when.at, when.day) == ("2020-01-01T00:00:00.000000Z", "2020-01-01")


def test_a_day_alone_means_the_wall_time_of_now_in_the_zone() -> None:
    when = when_new(NOW, "Europe/Berlin", None, "2026-07-10")
    assert when == When("2026-07-10T21:30:15.123456Z", "Europe/Berlin", "2026-07-10")


def test_a_wall_time_inside_the_spring_gap_moves_behind_it() -> None:
    now = "2026-03-01T01:30:00.000000Z"  # 02:30 in Berlin, which does not exist on 29 March
    when = when_new(now, "Europe/Berlin", None, "2026-03-29")
    assert (when.at, when.day) == ("2026-03-29T01:30:00.000000Z", "2026-03-29")


def test_a_wall_time_inside_the_autumn_overlap_is_the_first_of_the_two() -> None:
    now = "2026-03-01T01:30:00.000000Z"
    when = when_new(now, "Europe/Berlin", None, "2026-10-25")
    assert when.at == "2026-10-25T00:30:00.000000Z"


def test_moving_an_entry_of_the_second_overlap_hour_to_its_own_day_changes_nothing() -> None:
    second = When("2026-10-25T01:30:00.000000Z", "Europe/Berlin", "2026-10-25")
    assert when_changed(second, None, None, "2026-10-25") == second


def test_an_entry_of_the_second_overlap_hour_moves_behind_the_gap_like_any_other() -> None:
    second = When("2026-10-25T01:30:00.000000Z", "Europe/Berlin", "2026-10-25")
    moved = when_changed(second, None, None, "2026-03-29")
    assert moved.at == "2026-03-29T01:30:00.000000Z"


def test_a_leap_day_is_a_day() -> None:
    assert when_new(NOW, "UTC", None, "2024-02-29").day == "2024-02-29"
    assert when_new(NOW, "UTC", "2000-02-29T23:59:59.999999Z", None).day == "2000-02-29"


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Kiritimati", "2026-03-02"), ("Etc/GMT-14", "2026-03-02"),
     ("Etc/GMT+12", "2026-02-28"), ("Pacific/Pago_Pago", "2026-03-01")],
)  # fmt: skip
def test_zones_at_the_ends_of_the_world_have_days_of_their_own(zone: str, day: str) -> None:
    assert when_new("2026-03-01T11:00:00.000000Z", zone, None, None).day == day


def test_a_zone_may_have_seconds_in_its_offset() -> None:
    # Before 1847 London kept local mean time, 1 minute and 15 seconds behind Greenwich.
    late = when_new(NOW, "Europe/London", "1660-01-12T00:01:14.999999Z", None)
    early = when_new(NOW, "Europe/London", "1660-01-12T00:01:15.000000Z", None)
    assert (late.day, early.day) == ("1660-01-11", "1660-01-12")
    noon = when_new("1660-05-05T12:01:15.000000Z", "Europe/London", None, "1660-01-11")
    assert noon.at == "1660-01-11T12:01:15.000000Z"


def test_the_years_1_to_9998_can_be_kept() -> None:
    assert when_new(NOW, "UTC", None, "0001-01-02").at.startswith("0001-01-02T22:30:15")
    assert when_new(NOW, "UTC", None, "9998-12-30").day == "9998-12-30"
    far = when_new(NOW, "Pacific/Kiritimati", "9998-12-30T23:59:59.999999Z", None)
    assert far.day == "9998-12-31"


@pytest.mark.parametrize("day", ["9999-12-31", "9999-06-01", "0001-01-01"])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati"])
def test_days_beyond_those_years_are_refused(day: str, zone: str) -> None:
    with pytest.raises(Invalid) as refused:
        when_new("2026-03-01T11:00:00.000000Z", zone, None, day)
    assert refused.value.violations[0].loc == ("body", "entry_date")


@pytest.mark.parametrize(
    "zone", ["Mars/Base", "utc-5", "Europe/Berlin\n", "../etc/passwd", "x" * 60]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(Invalid) as refused:
        when_new(NOW, zone, None, None)
    assert refused.value.violations[0].loc == ("body", "entry_timezone")


OLD = When("2026-03-01T22:30:00.000000Z", "UTC", "2026-03-01")


def test_a_changed_zone_keeps_the_instant_and_moves_the_day() -> None:
    assert when_changed(OLD, "Asia/Tokyo", None, None) == When(OLD.at, "Asia/Tokyo", "2026-03-02")


def test_a_blank_zone_means_utc() -> None:
    berlin = When("2026-03-01T23:30:00.000000Z", "Europe/Berlin", "2026-03-02")
    assert when_changed(berlin, "  ", None, None) == When(berlin.at, "UTC", "2026-03-01")


def test_a_changed_day_keeps_what_clocks_showed_across_a_clock_change() -> None:
    winter = When("2026-01-10T11:00:00.000000Z", "Europe/Berlin", "2026-01-10")
    summer = when_changed(winter, None, None, "2026-07-10")
    assert summer == When("2026-07-10T10:00:00.000000Z", "Europe/Berlin", "2026-07-10")


def test_zone_then_instant_then_day_are_applied_in_that_order() -> None:
    moved = when_changed(OLD, "America/New_York", "2026-06-01T02:00:00.000000Z", "2026-12-24")
    assert moved == When("2026-12-25T03:00:00.000000Z", "America/New_York", "2026-12-24")
