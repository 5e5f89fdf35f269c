from __future__ import annotations

import os
from pathlib import Path

import pytest

from devtools import programs
from devtools.failure import SetupError
from devtools.programs import SystemProgram

DATABASE = SystemProgram("made-up-database", "made-up-db", "keeps the rows")
BROWSER = SystemProgram("made-up-browser", "made-up-web", "shows the pages")


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A PATH with nothing but its own programs, and a policy file of its own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(programs, "POLICY", tmp_path / "policy-rc.d")
    return folder


def test_a_program_on_the_path_is_enough(machine):
    script(machine / DATABASE.name, "exit 0")
    programs.require(DATABASE)


def test_everything_missing_is_named_in_one_message(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError) as caught:
        programs.require(DATABASE, BROWSER)
    assert str(caught.value) == (
        "missing: made-up-database (keeps the rows), made-up-browser (shows the pages). "
        "On Debian: sudo apt-get install made-up-db made-up-web"
    )


def test_root_installs_what_is_missing_and_no_service_starts(machine, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program, policy = machine / DATABASE.name, tmp_path / "policy-rc.d"
    script(
        machine / "apt-get",
        f"echo \"$@\" >> {tmp_path}/calls; read x < {policy} && echo '#!/bin/sh' > {program}; "
        f"/bin/chmod 755 {program}",
    )
    programs.require(DATABASE)
    assert "install -qq -y --no-install-recommends made-up-db" in (tmp_path / "calls").read_text()
    assert not policy.exists()


def test_a_policy_of_the_machine_stays(machine, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    policy = tmp_path / "policy-rc.d"
    policy.write_text("theirs")
    script(machine / "apt-get", f": > {machine / DATABASE.name}; /bin/chmod 755 {machine}/*")
    programs.require(DATABASE)
    assert policy.read_text() == "theirs"


def test_a_failed_installation_shows_the_words_of_apt(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    script(machine / "apt-get", "echo 'no such package' >&2; exit 100")
    with pytest.raises(SetupError, match="no such package"):
        programs.require(DATABASE)
