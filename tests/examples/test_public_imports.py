"""The example lives by the rules of a stranger: public names only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from devtools.paths import ROOT

EXAMPLES = ROOT / "examples"
PUBLIC = ("contracts", "domain", "hookspecs")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_examples_import_what_is_public_and_nothing_else():
    found = {name for path in EXAMPLES.rglob("*.py") for name in imported(path)}
    core = {name for name in found if name.partition(".")[0] == "journiv"}
    allowed = {"journiv", *(f"journiv.{part}" for part in PUBLIC)}
    assert core, "nothing was read"
    assert {name for name in core if ".".join(name.split(".")[:2]) not in allowed} == set()


def test_examples_take_no_private_name_out_of_the_core():
    for path in EXAMPLES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("journiv"):
                assert [name.name for name in node.names if name.name.startswith("_")] == [], path
