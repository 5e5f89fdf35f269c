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


# Written last, so that an interrupted step is done again.
MAKER = VENV / "made-by"
PACKAGES = VENV / "packages"
PROJECT = VENV / "project"
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
        wanted = max(level, _installed())
        if not (_holds(PACKAGES, _packages(wanted)) and _holds(PROJECT, _project())):
            _build(wanted)


def _build(level: Level) -> None:
    started = time.monotonic()
    python = interpreter()
    print("Setting up .venv ...", file=sys.stderr, flush=True)
    uv = Uv(python)
    into = ("--python", program("python"))
    if not _holds(MAKER, _identity(python)):
        uv.run("venv", "--quiet", "--clear", "--python", python, str(VENV))
        MAKER.write_text(_identity(python))
    if not _holds(PACKAGES, _packages(level)):
        PACKAGES.unlink(missing_ok=True)
        PROJECT.unlink(missing_ok=True)
        uv.run("pip", "sync", "--require-hashes", *into, *map(str, _locks(level)))
        PACKAGES.write_text(_packages(level))
    # Without isolation the build needs only what the lock has just installed.
    uv.run("pip", "install", "--no-deps", "--no-build-isolation", *into, "-e", str(ROOT))
    PROJECT.write_text(_project())
    print(f"Set up in {time.monotonic() - started:.1f} s.", file=sys.stderr, flush=True)


def _installed() -> Level:
    """Return the level that was set up before: what a developer has, ./dev run keeps."""
    name = PACKAGES.read_text().partition(" ")[0] if PACKAGES.exists() else ""
    return Level[name] if name in Level.__members__ else Level.RUN


def _holds(stamp: Path, text: str) -> bool:
    return stamp.exists() and stamp.read_text() == text


def _packages(level: Level) -> str:
    """Name everything that decides which packages are installed."""
    return f"{level.name} {_identity(interpreter())} {_digest(*_locks(level))}"


def _project() -> str:
    """Name everything that decides how this checkout itself is installed."""
    return _digest(ROOT / "pyproject.toml")


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if not path.exists():
            raise SetupError(f"{path.relative_to(ROOT)} is missing: the checkout is incomplete.")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _locks(level: Level) -> list[Path]:
    return [REQUIREMENTS / name for name in LOCKS[level]]


def _identity(python: str) -> str:
    return f"{ROOT} {python} {sys.version}"


def interpreter() -> str:
    """Return the Python that ./dev was started with, seen from outside any environment.

    Links are followed, so that each of its names gives the same environment.
    """
    started = base_python(sys.prefix, sys.base_prefix, sys.executable, sys.version_info[:2])
    return str(Path(started).resolve())
