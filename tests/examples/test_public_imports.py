"""The example lives by the rules of a stranger: public names only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from devtools.paths import ROOT

EXAMPLES = ROOT / "examples"
PUBLIC = ("contracts", "domain", "hookspecs")
FOR_TESTS = "testing"


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_examples_import_what_is_public_and_nothing_else():
    allowed = {"journiv", *(f"journiv.{part}" for part in PUBLIC)}
    core, refused = set(), set()
    for path in EXAMPLES.rglob("*.py"):
        here = (
            allowed | {f"journiv.{FOR_TESTS}"}
            if "tests" in path.relative_to(EXAMPLES).parts
            else allowed
        )
        names = {name for name in imported(path) if name.partition(".")[0] == "journiv"}
        core |= names
        refused |= {name for name in names if ".".join(name.split(".")[:2]) not in here}
    assert core, "nothing was read"
    assert refused == set()


def test_examples_take_no_private_name_out_of_the_core():
    for path in EXAMPLES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("journiv"):
                assert [name.name for name in node.names if name.name.startswith("_")] == [], path
