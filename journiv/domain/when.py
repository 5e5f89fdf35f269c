"""When an entry happened: an instant, a zone, and the local day that follows from the two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from journiv.domain.clock import (
    FIRST_INSTANT,
    LAST_INSTANT,
    local_day,
    on_day,
    parse_day,
    wall_time,
    zone,
)
from journiv.domain.errors import Invalid, Violation

MAX_ZONE: Final = 50


@dataclass(frozen=True, slots=True)
class When:
    """An instant (wire text), the IANA zone it was lived in, and the calendar day there."""

    at: str
    zone: str
    day: str


def when_new(now: str, zone_name: str, at: str | None, day: str | None) -> When:
    """Return when a new entry happened.

    A given instant wins; a day alone means that day at the wall time it is now in the zone; neither
    means now. Raises `Invalid` for an unknown zone or a time out of range.
    """
    _check_zone(zone_name)
    if at is None:
        at = now if day is None else _on_day(day, now, zone_name)
    return _when(at, zone_name)


def when_changed(old: When, zone_name: str | None, at: str | None, day: str | None) -> When:
    """Return when a changed entry happened: first the zone, then the instant, then the day.

    None leaves a part as it was and a blank zone means UTC. A day moves the entry and keeps what
    clocks showed. Raises `Invalid` as `when_new` does.
    """
    name = old.zone if zone_name is None else zone_name.strip() or "UTC"
    _check_zone(name)
    moved = _when(at or old.at, name)
    if day is None or day == moved.day:
        return moved
    return _when(_on_day(day, moved.at, name), name)


def _when(at: str, zone_name: str) -> When:
    try:
        return When(at, zone_name, local_day(at, zone_name))
    except (ValueError, OverflowError):
        raise _out_of_range("entry_datetime_utc") from None


def _on_day(day: str, reference: str, zone_name: str) -> str:
    try:
        at = on_day(_parsed(day), wall_time(reference, zone_name), zone_name)
    except (ValueError, OverflowError):
        raise _out_of_range("entry_date") from None
    if not FIRST_INSTANT <= at <= LAST_INSTANT:
        raise _out_of_range("entry_date")
    return at


def _parsed(day: str) -> date:
    parsed = parse_day(day)
    if parsed is None:
        raise ValueError("not a day")
    return parsed


def _check_zone(name: str) -> None:
    if len(name) > MAX_ZONE or zone(name) is None:
        msg = "This is not an IANA time zone."
        raise Invalid([Violation(("body", "entry_timezone"), "time_zone", msg)])


def _out_of_range(field: str) -> Invalid:
    msg = "Only the years 1 to 9998 can be kept."
    return Invalid([Violation(("body", field), "datetime_out_of_range", msg)])
