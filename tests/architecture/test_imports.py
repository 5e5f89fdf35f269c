"""The import contracts hold, name what exists, and notice a violation of each."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

# Contract: the module that breaks it when it is planted, and what it imports.
VIOLATIONS = {
    "Core layers, top to bottom": ("journiv/services", "journiv.api"),
    "Bundled plugins never import each other": (
        "plugins/auth_local/journiv_auth_local",
        "journiv_store_sqlite",
    ),
    "The core never imports a plugin": ("journiv/loader", "journiv_auth_local"),
    "Plugins use the public surface only": (
        "plugins/store_sqlite/journiv_store_sqlite",
        "journiv.services",
    ),
    "builtin lives by the plugin rules": ("journiv/builtin", "journiv.config"),
    "sqlstore belongs to SQL store plugins": ("journiv/cli", "journiv.sqlstore"),
    "SQLAlchemy and Alembic stay below sqlstore": ("journiv/api", "sqlalchemy"),
    "pluggy is wiring: specs and loader only": ("journiv/config", "pluggy"),
    "aiohttp stops at the edge": ("journiv/domain", "aiohttp"),
    "Redis is known where sign-ins are kept": ("journiv/services", "redis"),
    "age encrypts backups and nothing else": ("journiv/services", "pyrage"),
    "Object stores are known to their media store": ("journiv/services", "obstore"),
    "Password and token libraries belong to auth_local": ("journiv/contracts", "argon2"),
    "Pictures are decoded in a worker process alone": ("journiv/services", "PIL"),
}


def settings() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def contracts() -> dict[str, dict[str, list[str]]]:
    return {one["name"]: one for one in settings()["tool"]["importlinter"]["contracts"]}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    paths = [folder, *sorted((folder / "plugins").iterdir())]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [str(LINTER), "--no-cache"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the tree with one bad import for each contract."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("journiv", "plugins"):
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, copy / name, ignore=unwanted)
    shutil.copy(ROOT / "pyproject.toml", copy)
    for number, (folder, imported) in enumerate(VIOLATIONS.values()):
        (copy / folder / f"planted_{number}.py").write_text(f"import {imported}\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_the_contracts_hold():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_contract_has_a_violation():
    assert set(VIOLATIONS) == set(contracts())


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_planted_violation_breaks_its_contract(name, planted):
    number = list(VIOLATIONS).index(name)
    heading = re.escape(name)
    section = re.search(rf"^{heading}\n-+\n(.*?)(?=^[^\n]+\n-+\n|\Z)", planted, re.M | re.S)
    assert section is not None, f"{name} is not broken"
    assert f"planted_{number}" in section[1]


def test_the_contracts_name_every_bundled_plugin():
    packages = sorted(path.name for path in (ROOT / "plugins").glob("*/journiv_*"))
    stores = [name for name in packages if name.startswith("journiv_store_")]
    every = contracts()
    tool = settings()["tool"]
    assert tool["importlinter"]["root_packages"] == ["journiv", *packages]
    assert every["Bundled plugins never import each other"]["modules"] == packages
    assert every["The core never imports a plugin"]["forbidden_modules"] == packages
    assert every["Plugins use the public surface only"]["source_modules"] == packages
    assert every["sqlstore belongs to SQL store plugins"]["allowed_importers"] == stores
    assert tool["coverage"]["run"]["source"] == ["journiv", *packages]


def test_plugins_and_builtin_may_use_what_is_public_and_nothing_else():
    public = {"contracts", "domain", "hookspecs"}
    parts = {path.stem for path in (ROOT / "journiv").iterdir() if path.name[0] not in "_."}
    internal = {f"journiv.{name}" for name in parts - public if name not in ("py",)}
    every = contracts()
    plugins = set(every["Plugins use the public surface only"]["forbidden_modules"])
    builtin = set(every["builtin lives by the plugin rules"]["forbidden_modules"])
    assert plugins == internal - {"journiv.sqlstore"}
    assert builtin == internal - {"journiv.builtin"}
