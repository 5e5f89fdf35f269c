"""Which checks of the security page there are, and which tests carry their ids."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parents[1]
_ID = re.compile(r"_([A-Z]{2,})_(\d+)(?:_to_(\d+))?(?=_|$)")


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks by id, why some are not applicable, and how some are read."""

    checks: dict[str, str]
    not_applicable: dict[str, str]
    read_as: dict[str, str]


def read_plan() -> Plan:
    read = tomllib.loads(Path(__file__).with_name("ids.toml").read_text())
    return Plan(**read)


def ids_of(name: str) -> Iterator[str]:
    """Yield the ids in the name of a test; `A_1_to_3` stands for three."""
    for family, first, last in _ID.findall(name):
        for number in range(int(first), int(last or first) + 1):
            yield f"{family}-{number}"


def covered() -> dict[str, list[str]]:
    """Return the tests that carry each id, as `file::name`."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            is_test = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_test and node.name.startswith("test_"):
                for check in ids_of(node.name):
                    found.setdefault(check, []).append(f"{path.relative_to(TESTS)}::{node.name}")
    return found
