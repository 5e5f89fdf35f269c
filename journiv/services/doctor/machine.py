"""What the machine tells about itself. Blocks."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MARKS: Final = (Path("/.dockerenv"), Path("/run/.containerenv"))
_OPEN: Final = 0o027  # writable for the group, or anything for others


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Bytes on the disk of the data folder, and whether this is a container."""

    total: int
    free: int
    in_container: bool


def look(data: Path) -> Machine:
    """Look at the disk on which a folder is, or would be."""
    usage = shutil.disk_usage(next(folder for folder in _upwards(data) if folder.exists()))
    return Machine(
        total=usage.total,
        free=usage.free,
        in_container=any(mark.exists() for mark in _MARKS),
    )


def is_open(file: Path) -> bool:
    """Say whether other accounts of this machine may read or change a file."""
    try:
        return bool(stat.S_IMODE(file.stat().st_mode) & _OPEN)
    except OSError:
        return False


def _upwards(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents
