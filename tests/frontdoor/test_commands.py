from __future__ import annotations

import subprocess
from pathlib import Path

from devtools.main import COMMANDS
from devtools.paths import ROOT


def dev(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "dev"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=30)


def test_help_names_every_command_from_any_folder(tmp_path):
    shown = dev("--help", cwd=tmp_path)
    assert shown.returncode == 0
    for name in ("run", "test", "check", "fmt", "journiv", "soak", "bench", "lock"):
        assert f"\n  {name} " in shown.stdout


def test_an_unknown_command_is_named_and_the_known_ones_are_listed():
    refused = dev("serve")
    assert refused.returncode == 2
    assert "./dev has no command 'serve'" in refused.stderr
    assert "  run " in refused.stderr


def test_an_older_python_ends_in_a_sentence(tmp_path):
    """Run the launcher in an interpreter that says it is 3.10."""
    launcher = tmp_path / "old.py"
    launcher.write_text(
        "import runpy, sys\n"
        "sys.version_info = (3, 10, 12, 'final', 0)\n"
        f"runpy.run_path({str(ROOT / 'dev')!r}, run_name='__main__')\n"
    )
    refused = subprocess.run(["python3", str(launcher)], capture_output=True, text=True)
    assert refused.returncode == 1
    assert refused.stderr == "Journiv needs Python 3.11 or newer; this is 3.10.\n"


def test_make_only_wraps_the_front_door():
    recipes = [line for line in (ROOT / "Makefile").read_text().splitlines() if line[:1] == "\t"]
    assert recipes
    assert all(line.lstrip("\t@").startswith("./dev ") for line in recipes)


def test_make_knows_only_commands_of_the_front_door():
    lines = (ROOT / "Makefile").read_text().splitlines()
    targets = {
        name
        for line in lines
        if ":" in line and line[:1] not in {"\t", ".", "#"}
        for name in line.split(":")[0].split()
    }
    assert targets
    assert targets <= set(COMMANDS)


def test_ci_runs_the_checks_and_then_the_tests():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    commands = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    assert commands[0] == "set -eu"
    assert commands[-2:] == ["./dev check", "./dev test"]
