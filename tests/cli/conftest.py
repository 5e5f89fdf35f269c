"""`journiv` as people run it: a process, its output and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Journiv = Callable[..., subprocess.CompletedProcess[str]]
KEY = "a-key-for-tests-and-for-nothing-else-0123456789"


def environment(data: Path, **settings: str) -> dict[str, str]:
    """Return a clean environment: nothing of the machine's settings gets in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"JOURNIV_DATA": str(data), "ENVIRONMENT": "test", "SECRET_KEY": KEY} | settings


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "journiv", *arguments]


@pytest.fixture
def journiv(tmp_path: Path) -> Journiv:
    """Runs one command to its end; an empty setting counts as unset."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments),
            env=environment(tmp_path / "data", **settings),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run
