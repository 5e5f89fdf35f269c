from __future__ import annotations

from typing import Any

import pytest

from journiv.api.params import QueryReader
from journiv.contracts.routes import Param
from journiv.domain.errors import Invalid

_PARAMS = (
    Param(name="limit", kind="int", default=50, minimum=1, maximum=100),
    Param(name="q", kind="text", required=True, minimum=1, maximum=20),
    Param(name="archived", kind="bool", default=False),
    Param(name="journal", kind="uuid"),
    Param(name="start", kind="day"),
    Param(name="since", kind="instant"),
    Param(name="category", kind="choice", choices=("positive", "negative")),
)
_READER = QueryReader(_PARAMS)


def _refusals(query: str) -> list[tuple[str, tuple[str | int, ...]]]:
    with pytest.raises(Invalid) as caught:
        _READER.read(query)
    return [(one.rule, one.loc) for one in caught.value.violations]


def test_defaults_stand_in_and_unknown_parameters_are_ignored() -> None:
    assert _READER.read("q=ink&utm=1") == {
        "limit": 50, "q": "ink", "archived": False, "journal": None, "start": None,
        "since": None, "category": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "name", "value"),
    [
        ("limit=7", "limit", 7),
        ("archived=yes", "archived", True),
        ("archived=0", "archived", False),
        ("journal=0198C8A0000070008000000000000000", "journal",
         "0198c8a0-0000-7000-8000-000000000000"),
        ("start=2024-02-29", "start", "2024-02-29"),
        ("since=2026-03-01T10:00:00%2B02:00", "since", "2026-03-01T08:00:00.000000Z"),
        ("category=positive", "category", "positive"),
    ],
)  # fmt: skip
def test_values_get_their_type(sent: str, name: str, value: Any) -> None:
    assert _READER.read(f"q=a&{sent}")[name] == value


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ("limit=0", "greater_than_equal"),
        ("limit=101", "less_than_equal"),
        ("limit=many", "int_parsing"),
        ("limit=", "int_parsing"),
        ("limit=" + "9" * 5000, "int_parsing"),
        ("limit=%D9%A3", "int_parsing"),
        ("archived=maybe", "bool_parsing"),
        ("journal=none", "uuid_parsing"),
        ("start=2026-02-30", "date_parsing"),
        ("start=2026-03-01%0A", "date_parsing"),
        ("since=yesterday", "datetime_parsing"),
        ("category=Positive", "enum"),
        ("limit=7&limit=9", "repeated"),
        ("limit=7&limit=7", "repeated"),
    ],
)
def test_a_wrong_value_is_refused_by_its_rule(sent: str, rule: str) -> None:
    name = sent.partition("=")[0]
    assert _refusals(f"q=a&{sent}") == [(rule, ("query", name))]


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ("", "missing"),
        ("limit=5", "missing"),
        ("q=", "string_too_short"),
        ("q=" + "x" * 21, "string_too_long"),
        ("q=a%00b", "string_unicode"),
        ("q=a%FFb", "string_unicode"),
        ("q=a%ED%A0%80", "string_unicode"),
    ],
)
def test_text_has_bounds_and_can_be_stored(sent: str, rule: str) -> None:
    assert _refusals(sent) == [(rule, ("query", "q"))]


def test_all_wrong_values_are_named_at_once() -> None:
    assert len(_refusals("limit=0&archived=maybe&start=x")) == 4


def test_unknown_parameters_may_repeat() -> None:
    assert _READER.read("q=a&utm=1&utm=2")["q"] == "a"


def test_a_refused_instant_is_told_the_range() -> None:
    with pytest.raises(Invalid) as caught:
        _READER.read("q=a&since=0001-01-01T00:00:00Z")
    assert "from 0001-01-02 to 9998-12-30 in UTC" in caught.value.detail


def test_a_flood_of_parameters_is_refused() -> None:
    assert _refusals("&".join(["a=1"] * 200)) == [("too_long", ("query",))]
