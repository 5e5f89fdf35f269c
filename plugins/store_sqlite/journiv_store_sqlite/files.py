"""The file and its folder belong to the server's account alone."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import Final

_BESIDE: Final = ("-wal", "-shm")
_OTHERS: Final = 0o077


def create_private(path: Path, log: logging.Logger) -> None:
    """Make the file (0600) and its folder (0700), or tighten what exists and say so."""
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, parents=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for file in (path, *(path.with_name(path.name + suffix) for suffix in _BESIDE)):
        _tighten(file, 0o600, log)
    if stat.S_IMODE(path.parent.stat().st_mode) & _OTHERS:
        log.warning("The folder %s is open to other accounts; make it 0700.", path.parent)


def _tighten(file: Path, mode: int, log: logging.Logger) -> None:
    if not file.exists() or not stat.S_IMODE(file.stat().st_mode) & _OTHERS:
        return
    log.warning("%s was open to other accounts; its mode is now %04o.", file, mode)
    file.chmod(mode)
