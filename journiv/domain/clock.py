"""Instants, zones and calendar days.

An instant is text, `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always UTC, always four year digits, so that text
order is time order. A day is `YYYY-MM-DD`. A zone is an IANA name. Years 1 to 9998 are understood.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

FIRST_INSTANT = "0001-01-02T00:00:00.000000Z"
LAST_INSTANT = "9998-12-30T23:59:59.999999Z"

# Names of files beside the zones: this machine's own zone, and "not set".
_NOT_ZONES = frozenset({"localtime", "Factory"})

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_WALL_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z", re.ASCII)


class Clock(Protocol):
    """The time of day; replaced in tests."""

    def now(self) -> datetime:
        """Return the current instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock, optionally shifted (tests only)."""

    def __init__(self, shift: timedelta = timedelta()) -> None:
        self._shift = shift

    def now(self) -> datetime:
        """Return the current instant, timezone-aware, in UTC."""
        return datetime.now(UTC) + self._shift


class StoppedClock:
    """A clock that stands still (tests only)."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self._at


def instant(moment: datetime) -> str:
    """Write an aware datetime as wire text."""
    utc = moment.astimezone(UTC)
    return (
        f"{utc.year:04}-{utc.month:02}-{utc.day:02}T"
        f"{utc.hour:02}:{utc.minute:02}:{utc.second:02}.{utc.microsecond:06}Z"
    )


def parse_instant(text: str) -> str | None:
    """Read ISO 8601 (naive means UTC) into wire text; None when it is none or out of range."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        wire = instant(moment)
    except (ValueError, OverflowError):
        return None
    return wire if FIRST_INSTANT <= wire <= LAST_INSTANT else None


def parse_day(text: str) -> date | None:
    """Read `YYYY-MM-DD` strictly; None when it is not a day of the calendar."""
    if not _DAY.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_wall_time(text: str) -> time | None:
    """Read `HH:MM`; None when no clock shows that."""
    if not _WALL_TIME.match(text):
        return None
    return time.fromisoformat(text)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every IANA zone this machine knows, and none that means something else elsewhere."""
    return frozenset(available_timezones()) - _NOT_ZONES


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo | None:
    """Return the zone of that IANA name, or None when there is none."""
    return ZoneInfo(name) if name in zone_names() else None


def local_day(wire: str, zone_name: str) -> str:
    """Return the calendar day of an instant in a known zone."""
    if zone_name == "UTC":
        return wire[:10]
    local = datetime.fromisoformat(wire).astimezone(ZoneInfo(zone_name))
    return f"{local.year:04}-{local.month:02}-{local.day:02}"


def on_day(day: date, wall: time, zone_name: str) -> str:
    """Return the instant at which clocks in a zone show that day and wall time.

    In a gap (clocks jump forward) the instant is the one just as far after the jump; in an overlap
    it is the first of the two (PEP 495, fold=0).
    """
    return instant(datetime.combine(day, wall.replace(fold=0), ZoneInfo(zone_name)))


def wall_time(wire: str, zone_name: str) -> time:
    """Return what clocks in a zone show at an instant."""
    return datetime.fromisoformat(wire).astimezone(ZoneInfo(zone_name)).time()
