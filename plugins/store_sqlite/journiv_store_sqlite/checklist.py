"""Lines D1 to D5 of the security checklist, for one file on this machine. Blocks."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from journiv.contracts.findings import Finding, Status

TITLES: Final = {
    "D1": "a database fit for production",
    "D2": "database password",
    "D3": "encryption on the way to the database",
    "D4": "the database's files",
    "D5": "database closed to the network",
}
_NETWORKED: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "fuse.sshfs", "afs"}
)
_OTHERS: Final = 0o077
_BESIDE: Final = ("", "-wal", "-shm")
_MOUNTS: Final = Path("/proc/self/mounts")


def findings(path: Path) -> Sequence[Finding]:
    """Judge the file; a database without a server has no password and no network to protect."""
    try:
        status, advice = _files(path)
    except OSError as error:
        status, advice = "fail", f"{path.name} cannot be looked at: {error.strerror}."
    return [
        Finding(id=line, title=title, status="pass")
        if line != "D4"
        else Finding(id=line, title=title, status=status, advice=advice)
        for line, title in TITLES.items()
    ]


def _files(path: Path) -> tuple[Status, str]:
    """Return the first and worst thing that is wrong with the files."""
    if not path.is_file():
        return "manual", "There is no database yet; start the server once."
    for sentence in (*_exposed(path), *_damaged(path)):
        return "fail", sentence
    for sentence in _odd(path):
        return "warn", sentence
    return "pass", ""


def _exposed(path: Path) -> Iterator[str]:
    for suffix in _BESIDE:
        file = path.with_name(path.name + suffix)
        if not file.exists():
            continue
        found = file.stat()
        mode = stat.S_IMODE(found.st_mode)
        if mode & _OTHERS:
            yield f"{file.name} has mode {mode:04o}; run: chmod 600 {file.name}"
        if found.st_uid not in (os.geteuid(), path.parent.stat().st_uid):
            yield f"{file.name} belongs to another account than its folder; give it to one owner."


def _damaged(path: Path) -> Iterator[str]:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    except sqlite3.OperationalError as error:
        yield f"{path.name} cannot be read by this account ({error})."
        return
    except sqlite3.Error as error:
        found = [str(error)]
    if found != ["ok"]:
        yield f"{path.name} is damaged ({found[0]}); restore a backup (docs/operate/backup.md)."


def _odd(path: Path) -> Iterator[str]:
    mode = stat.S_IMODE(path.parent.stat().st_mode)
    if mode & _OTHERS:
        yield f"The folder {path.parent.name} has mode {mode:04o}; make it 0700."
    kind = file_system(path, _MOUNTS)
    if kind in _NETWORKED:
        yield f"{path.name} lies on {kind}, where SQLite's locks are not safe; use a local disk."


def file_system(path: Path, mounts: Path) -> str:
    """Return the type of file system a path lies on, empty when the system does not tell."""
    best = (0, "")
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        _, point, kind, *_ = (*line.split(" "), "", "", "")
        if path.is_relative_to(point.replace("\\040", " ") or "/"):
            best = max(best, (len(point), kind))
    return best[1]
