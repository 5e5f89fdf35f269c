"""Values of foreign records: taken when they are what they should be, else absent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from journiv.domain import clock
from journiv.domain.clock import parse_instant, zone

MOST_TAGS: Final = 50
LONGEST_TAG: Final = 100
LONGEST_TITLE: Final = 300
LONGEST_JOURNAL: Final = 200
LONGEST_LOCATION: Final = 200
LONGEST_WEATHER: Final = 100
NULL: Final = "(null)"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def text(record: Mapping[str, Any], *names: str) -> str:
    """Return the first text that is not empty under these names, stripped; else ""."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip() and value != NULL:
            return value.strip()
    return ""


def number(record: Mapping[str, Any], name: str, largest: float = math.inf) -> float | None:
    """Return a finite number of at most that size either way."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and abs(value) <= largest else None


def rows(record: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of an array; anything else there is left out."""
    value = record.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def row(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object, empty when there is none."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def texts(record: Mapping[str, Any], name: str) -> list[str]:
    """Return the texts of an array, or the one text that stands in its place."""
    value = record.get(name)
    found = value if isinstance(value, list) else [value]
    return [one.strip() for one in found if isinstance(one, str) and one.strip()]


def tags(names: Iterable[str]) -> tuple[str, ...]:
    """Return the first fifty different tags, each cut to what a tag may be long."""
    short = (name.strip().lstrip("#")[:LONGEST_TAG].strip() for name in names)
    return tuple(dict.fromkeys(name for name in short if name))[:MOST_TAGS]


def fitted(value: str, length: int) -> str:
    """Return one line of at most that length."""
    line = " ".join(value.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def titled(title: str, content: str) -> tuple[str, str]:
    """Return title and text; a title that is too long is cut and stands above the text, whole."""
    if len(" ".join(title.split())) <= LONGEST_TITLE:
        return fitted(title, LONGEST_TITLE), content
    return fitted(title, LONGEST_TITLE), f"{title.strip()}\n\n{content}".strip()


def instant(record: Mapping[str, Any], name: str) -> str | None:
    """Return an ISO 8601 instant as wire text."""
    return parse_instant(text(record, name))


def epoch(record: Mapping[str, Any], name: str, per_second: int = 1000) -> str | None:
    """Return a count since 1970 as wire text; None when there is none, or no year for it."""
    count = number(record, name, 1e18)
    if count is None:
        return None
    try:
        return parse_instant(clock.instant(_EPOCH + timedelta(seconds=count / per_second)))
    except OverflowError:
        return None


def wall_clock(value: str) -> tuple[str | None, str, str | None] | None:
    """Return day and wall time of an ISO 8601 text without a zone, or the instant of one with it.

    None for what is no time of the calendar.
    """
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        at = parse_instant(value)
        return (None, "12:00", at) if at else None
    return moment.date().isoformat(), f"{moment:%H:%M}", None


def zone_of(name: str) -> tuple[str | None, tuple[str, ...]]:
    """Return a zone that exists, or none and what the report says of it."""
    if not name or zone(name) is not None:
        return name or None, ()
    return None, (f"Its time zone '{name[:60]}' does not exist; the chosen one was used.",)


def place(
    record: Mapping[str, Any], names: tuple[str, str] = ("latitude", "longitude")
) -> tuple[float | None, float | None]:
    """Return latitude and longitude in degrees, both or neither."""
    latitude, longitude = number(record, names[0], 90), number(record, names[1], 180)
    return (None, None) if latitude is None or longitude is None else (latitude, longitude)


def coordinates(value: object) -> tuple[float | None, float | None]:
    """Return the degrees of a pair of numbers, or of a text like `48.85, 2.35`."""
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, list) or len(found) != 2:
        return None, None
    try:
        both = [float(one) for one in found if isinstance(one, str | int | float)]
    except (ValueError, OverflowError):
        return None, None
    return place(dict(zip(("latitude", "longitude"), both, strict=False)))
