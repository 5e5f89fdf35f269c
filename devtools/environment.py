"""Make .venv what the lock files say, and do nothing when it already is."""

from __future__ import annotations

import fcntl
import hashlib
import sys
import time
from enum import IntEnum
from pathlib import Path

from devtools.failure import SetupError
from devtools.paths import REQUIREMENTS, ROOT, STATE, VENV, program
from devtools.uv import Uv, base_python


class Level(IntEnum):
    """How much is installed; each level contains the one before."""

    RUN = 1
    DEV = 2


LOCKS = {Level.RUN: ("run.txt", "build.txt"), Level.DEV: ("dev.txt",)}


def ensure(level: Level) -> None:
    """Set up the virtual environment with at least this level.

    Several calls at once wait for each other; an interrupted call is repeated from the start.

    Raises:
        SetupError: something on this machine is missing.
    """
    STATE.mkdir(exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not any(_is_current(having) for having in Level if having >= level):
            _build(level)


def _build(level: Level) -> None:
    started = time.monotonic()
    python = _python()
    print("Setting up .venv ...", file=sys.stderr, flush=True)
    _stamp().unlink(missing_ok=True)
    uv = Uv(python)
    if not _made_by(python):
        uv.run("venv", "--quiet", "--clear", "--python", python, str(VENV))
        (VENV / "made-by").write_text(_identity(python))
    interpreter = ("--python", program("python"))
    locks = [str(REQUIREMENTS / name) for name in LOCKS[level]]
    uv.run("pip", "sync", "--require-hashes", *interpreter, *locks)
    # Without isolation the build needs only what the lock has just installed.
    uv.run("pip", "install", "--no-deps", "--no-build-isolation", *interpreter, "-e", str(ROOT))
    _stamp().write_text(_digest(level))
    print(f"Set up in {time.monotonic() - started:.1f} s.", file=sys.stderr, flush=True)


def _is_current(level: Level) -> bool:
    stamp = _stamp()
    return stamp.exists() and stamp.read_text() == _digest(level)


def _made_by(python: str) -> bool:
    maker = VENV / "made-by"
    return maker.exists() and maker.read_text() == _identity(python)


def _digest(level: Level) -> str:
    """Name everything that decides what is installed, and where."""
    digest = hashlib.sha256(f"{level.name} {_identity(_python())} {ROOT}".encode())
    for path in (*(REQUIREMENTS / name for name in LOCKS[level]), ROOT / "pyproject.toml"):
        if not path.exists():
            raise SetupError(f"{path.relative_to(ROOT)} is missing: the checkout is incomplete.")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _identity(python: str) -> str:
    return f"{python} {sys.version}"


def _python() -> str:
    return base_python(sys.prefix, sys.base_prefix, sys.executable, sys.version_info[:2])


def _stamp() -> Path:
    return VENV / "stamp"
