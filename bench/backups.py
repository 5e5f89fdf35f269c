"""`journiv backup` of 10,000 entries and a gigabyte of media, beside `cp` of the same bytes.

Run it by itself: `python -m bench.backups`. What was restored is compared by `journiv verify`.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.datasets import Recipe, copy
from bench.processes import ROOT, SETTINGS

ENTRIES: Final = 10_000
FILES: Final = 500
SIZE: Final = 2_000_000


def main() -> None:
    """Measure once and print a line for each step."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        source = copy(Recipe(ENTRIES), folder / "source")
        target = {"BACKUP_TARGET": f"file://{folder}/backups"}
        small = _journiv(source, target, "backup", "create")
        before = _peak()
        _fill(source / "media" / "bench")
        copied = _timed(["cp", "-r", str(source), str(folder / "copy")], {})
        made = _journiv(source, target, "backup", "create")
        print(f"cp {copied:.2f} s; create {made:.2f} s, {made / copied:.1f} times", end="; ")
        print(
            f"{(_peak() - before) / 1024:.1f} MiB more than a backup without media ({small:.2f} s)"
        )
        verified = _journiv(source, target, "backup", "verify", "--quick")
        restored = _journiv(folder / "new", target, "backup", "restore")
        _journiv(folder / "new", target, "verify")
        print(f"verify --quick {verified:.2f} s; restore {restored:.2f} s, verified")


def _fill(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    for number in range(FILES):
        (folder / f"{number}.jpg").write_bytes(os.urandom(SIZE))


def _journiv(data: Path, more: dict[str, str], *arguments: str) -> float:
    settings = {"JOURNIV_DATA": str(data), **SETTINGS, **more}
    return _timed([sys.executable, "-m", "journiv", *arguments], settings)


def _timed(command: list[str], settings: dict[str, str]) -> float:
    environment = {"PATH": os.environ["PATH"], **settings}
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - began


def _peak() -> int:
    """Return the largest memory of any child so far, in KiB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


if __name__ == "__main__":
    main()
