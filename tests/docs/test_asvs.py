"""The pages on security name every item of ASVS once, and no check or test that does not exist."""

from __future__ import annotations

import ast
import re

import pytest

from devtools.paths import ROOT
from tests.security.ids import TESTS, covered, read_plan

PAGE = (ROOT / "docs" / "security" / "asvs.md").read_text()
PROMISES = (ROOT / "docs" / "operate" / "security.md").read_text()
THREATS = (ROOT / "docs" / "explanation" / "threat-model.md").read_text()
STATUSES = {"met", "partly", "not met", "not yet", "operator"}
# The items of level 1 and 2 of ASVS 5.0.0, by section; V17 is ruled out as a whole.
ITEMS = {
    "1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2",
    "2.1": "1-3", "2.2": "1-3", "2.3": "1-4", "2.4": "1",
    "3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2",
    "4.1": "1-3", "4.2": "1", "4.3": "1-2", "4.4": "1-4",
    "5.1": "1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3",
    "6.1": "1-3", "6.2": "1-12", "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3",
    "6.8": "1-4",
    "7.1": "1-3", "7.2": "1-4", "7.3": "1-2", "7.4": "1-5", "7.5": "1-2", "7.6": "1-2",
    "8.1": "1-2", "8.2": "1-3", "8.3": "1", "8.4": "1",
    "9.1": "1-3", "9.2": "1-4",
    "10.1": "1-2", "10.2": "1-2", "10.3": "1-4", "10.4": "1-11", "10.5": "1-5", "10.6": "1-2",
    "10.7": "1-3",
    "11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1", "11.6": "1",
    "12.1": "1-3", "12.2": "1-2", "12.3": "1-4",
    "13.1": "1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5",
    "14.1": "1-2", "14.2": "1-4", "14.3": "1-3",
    "15.1": "1-3", "15.2": "1-3", "15.3": "1-7",
    "16.1": "1", "16.2": "1-5", "16.3": "1-4", "16.4": "1-3", "16.5": "1-3",
}  # fmt: skip
_ITEM = r"v5\.0\.0-(\d+\.\d+\.\d+)"


def _run(first: str, last: str) -> list[str]:
    section, _, start = first.rpartition(".")
    return [f"{section}.{number}" for number in range(int(start), int(last) + 1)]


def _expected() -> list[str]:
    found = []
    for section, numbers in ITEMS.items():
        start, _, end = numbers.partition("-")
        found += _run(f"{section}.{start}", end or start)
    return found


def _named() -> list[str]:
    found = re.findall(rf"^\| {_ITEM} \|", PAGE, re.MULTILINE)
    for line in re.findall(r"^Not applicable.*$", PAGE, re.MULTILINE):
        for first, last in re.findall(rf"{_ITEM}(?: to {_ITEM})?", line):
            found += _run(first, (last or first).rpartition(".")[2])
    return found


def _functions() -> set[str]:
    trees = (ast.parse(path.read_text()) for path in TESTS.rglob("test_*.py"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, kinds)}


def test_every_item_of_level_1_and_2_stands_there_once() -> None:
    assert sorted(_named()) == sorted(_expected())


@pytest.mark.parametrize(("page", "least"), [(PAGE, 100), (PROMISES, 40), (THREATS, 30)])
def test_every_check_a_page_names_exists_and_is_tested(page: str, least: int) -> None:
    named = set(re.findall(r"\b[A-Z]{2,4}-\d+\b", page)) - {"SHA-256", "SHA-1", "AES-256"}
    plan = read_plan()
    assert len(named) > least
    assert sorted(named - (plan.checks.keys() & covered().keys())) == []


def test_every_item_has_one_of_the_statuses() -> None:
    rows = re.findall(rf"^\| {_ITEM} \| .+? \| (.+?) \| .+ \|$", PAGE, re.MULTILINE)
    assert len(rows) == len(re.findall(rf"^\| {_ITEM} \|", PAGE, re.MULTILINE))
    assert {status for _, status in rows} == STATUSES


def test_every_test_and_folder_of_tests_the_page_names_exists() -> None:
    named = set(re.findall(r"\btest_\w+", PAGE))
    files = set(re.findall(r"`(tests/[\w/.]+)`", PAGE))
    assert sorted(named - _functions() - {path.stem for path in TESTS.rglob("test_*.py")}) == []
    assert sorted(file for file in files if not (ROOT / file).exists()) == []
