from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from devtools.paths import REQUIREMENTS, ROOT

LOCKS = ("run.txt", "dev.txt", "build.txt", "uv.txt", "node.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9-]*)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall(Path(REQUIREMENTS, name).read_text()))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", one)[0].lower() for one in requirements}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_no_path(name):
    lines = Path(REQUIREMENTS, name).read_text().splitlines()
    named = [line for line in lines if not line.startswith("    --hash=sha256:")]
    assert [line for line in named if re.search(r"://|/|@|^\s*-", line)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash(name):
    blocks = re.split(r"\n(?=\S)", Path(REQUIREMENTS, name).read_text().strip())
    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==\S+", block), block
        assert "--hash=sha256:" in block, block


def test_the_run_lock_holds_every_dependency():
    assert names(project()["project"]["dependencies"]) - pins("run.txt").keys() == set()


def test_the_dev_lock_holds_every_tool():
    tools = [one for one in project()["dependency-groups"]["dev"] if isinstance(one, str)]
    assert names(tools) - pins("dev.txt").keys() == set()


def test_the_build_lock_holds_the_build_backend():
    assert names(project()["build-system"]["requires"]) - pins("build.txt").keys() == set()


@pytest.mark.parametrize("part", ["run.txt", "build.txt"])
def test_the_dev_lock_agrees_with_the_smaller_ones(part):
    everything = pins("dev.txt")
    differing = {name for name, pin in pins(part).items() if everything.get(name) != pin}
    assert differing == set()


def test_the_lock_of_npm_names_no_registry_and_every_package_has_its_sum():
    folder = ROOT / "tests" / "oidc"
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert {name for name, entry in fetched.items() if "resolved" in entry} == set()
    assert {name for name, entry in fetched.items() if "integrity" not in entry} == set()
    assert "omit-lockfile-registry-resolved=true" in (folder / ".npmrc").read_text()
