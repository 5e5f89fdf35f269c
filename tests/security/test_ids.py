"""Every check of the plan has a test with its id, or a reason why not."""

from __future__ import annotations

import pytest

from tests.security.ids import covered, ids_of, read_plan


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("test_TOK_1_rotates", ["TOK-1"]),
        ("test_IDOR_1_to_3", ["IDOR-1", "IDOR-2", "IDOR-3"]),
        ("test_COR_1_and_COR_2_hold", ["COR-1", "COR-2"]),
        ("test_utf_8_and_404", []),
    ],
)
def test_ids_are_read_from_names(name: str, ids: list[str]) -> None:
    assert list(ids_of(name)) == ids


def test_every_check_is_covered_or_says_why_not() -> None:
    plan, found = read_plan(), covered()
    assert sorted(plan.checks.keys() - found.keys() - plan.not_applicable.keys()) == []


def test_no_check_is_both_covered_and_not_applicable() -> None:
    assert sorted(read_plan().not_applicable.keys() & covered().keys()) == []


def test_every_id_is_known() -> None:
    plan = read_plan()
    named = covered().keys() | plan.not_applicable.keys() | plan.read_as.keys()
    assert sorted(named - plan.checks.keys()) == []
