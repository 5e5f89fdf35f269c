"""What imports cannot show."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 400


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_repositories_do_not_ask_which_database_they_talk_to():
    for path in sources("journiv/sqlstore/repositories"):
        attributes = {
            f"{node.value.attr}.{node.attr}"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
        }
        assert "dialect.name" not in attributes, path


def test_no_file_is_longer_than_one_can_read():
    lengths = {
        path.relative_to(ROOT): len(path.read_text().splitlines())
        for path in sources("journiv", "plugins", "examples", "devtools", "tests")
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_importing_the_core_starts_nothing():
    """At module level there are definitions, constants and imports, and nothing for effect."""
    for path in sources("journiv", "plugins", "examples"):
        if path.name in ("env.py", "pytest_plugin.py") or path.parent.name == "tables":
            continue  # Alembic and pytest run the ones, the other hangs indexes on tables
        for node in ast.parse(path.read_text()).body:
            is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_effect = isinstance(node, ast.For | ast.While | ast.With | ast.Expr) and not is_text
            assert not is_effect, f"{path.relative_to(ROOT)} line {node.lineno}"
