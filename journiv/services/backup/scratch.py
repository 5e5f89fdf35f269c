"""Private folders for the while; those of a killed process are swept by the next."""

from __future__ import annotations

import asyncio
import errno
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from journiv.domain.errors import StorageFull, Unavailable

FORGOTTEN: Final = 86_400.0
"""Seconds after which nobody uses a folder any more."""


@asynccontextmanager
async def private_folder(place: Path, prefix: str) -> AsyncIterator[Path]:
    """Make a folder in `place`, mode 0700, and delete it at the end.

    Raises `StorageFull` or `Unavailable` when it cannot be made.
    """
    folder = await asyncio.to_thread(_made, place, prefix)
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _made(place: Path, prefix: str) -> Path:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=prefix, dir=place))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"There is no room in {place}.") from error
        raise Unavailable(f"{place} cannot be written: {error.strerror or error}.") from error


async def sweep(place: Path, prefix: str, older: float = 0.0) -> None:
    """Delete folders that were left and not touched for `older` seconds."""
    await asyncio.to_thread(_sweep, place, prefix, time.time() - older)


def _sweep(place: Path, prefix: str, before: float) -> None:
    for folder in place.glob(f"{prefix}*"):
        if folder.is_dir() and folder.stat().st_mtime <= before:
            shutil.rmtree(folder, ignore_errors=True)
