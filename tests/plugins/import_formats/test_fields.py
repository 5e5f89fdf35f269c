"""Values of foreign records at the edges of what they may be."""

from __future__ import annotations

from typing import Any

import pytest

from journiv_import_formats.fields import coordinates, epoch, titled, wall_clock

NOWHERE = (None, None)


@pytest.mark.parametrize(
    ("value", "degrees"),
    [
        ([48.85, 2.35], (48.85, 2.35)),
        ("-48.85, -2.35", (-48.85, -2.35)),
        ([0, 0], (0.0, 0.0)),
        ([90, -180], (90.0, -180.0)),
        ([90.1, 0], NOWHERE),
        ([0, 180.1], NOWHERE),
        ("nan, 2", NOWHERE),
        ("inf, 2", NOWHERE),
        ("Paris, France", NOWHERE),
        ("48,85, 2,35", NOWHERE),
        ([1, None], NOWHERE),
        ([[1], 2], NOWHERE),
        ([10**400, 1], NOWHERE),
        ({"lat": 1}, NOWHERE),
        (None, NOWHERE),
    ],
)
def test_degrees_are_both_on_earth_or_absent(value: object, degrees: tuple[Any, Any]) -> None:
    assert coordinates(value) == degrees


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2024-02-29T23:30:15.48828", ("2024-02-29", "23:30", None)),
        ("2024-02-29 23:30", ("2024-02-29", "23:30", None)),
        ("2024-02-29", ("2024-02-29", "00:00", None)),
        ("2024-02-29T23:30:00+01:00", (None, "12:00", "2024-02-29T22:30:00.000000Z")),
        ("2024-02-29T23:30:00Z", (None, "12:00", "2024-02-29T23:30:00.000000Z")),
        ("0001-01-01T00:00:00+14:00", None),
        ("2023-02-29T08:00", None),
        ("24:00", None),
        ("", None),
    ],
)
def test_a_time_is_what_clocks_showed_or_an_instant(value: str, moment: object) -> None:
    assert wall_clock(value) == moment


@pytest.mark.parametrize(
    ("count", "per_second", "at"),
    [
        (1_709_245_800_001, 1000, "2024-02-29T22:30:00.001000Z"),
        (1_709_245_800_000_001, 1_000_000, "2024-02-29T22:30:00.000001Z"),
        (-1, 1, "1969-12-31T23:59:59.000000Z"),
        (1.7976931348623157e308, 1000, None),
        (10**17, 1000, None),
        (True, 1, None),
        ("1709245800", 1, None),
    ],
)
def test_a_count_since_1970_is_an_instant_of_the_calendar(
    count: object, per_second: int, at: str | None
) -> None:
    assert epoch({"at": count}, "at", per_second) == at


def test_a_title_too_long_for_one_stays_whole_above_the_text() -> None:
    assert titled("  Up\nbetimes ", "text") == ("Up betimes", "text")
    assert titled("x" * 300, "text") == ("x" * 300, "text")
    title, content = titled("x" * 301, "text")
    assert (title, content) == ("x" * 299 + "…", "x" * 301 + "\n\ntext")
    assert titled("x" * 301, "")[1] == "x" * 301
