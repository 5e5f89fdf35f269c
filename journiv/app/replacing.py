"""Restoring beside a journal that is there, and putting it aside at once."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from journiv import loader
from journiv.app.elsewhere import with_database
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock
from journiv.domain.errors import BadRequest
from journiv.loader import Plugins

ELSEWHERE: Final = (
    "Only media in a folder of this machine can be put aside. Restore into an empty database "
    "with another JOURNIV_MEDIA_URL; the present journal stays as it is."
)
_DATABASE: Final = "journiv.db"


@asynccontextmanager
async def replacing(
    plugins: Plugins, clock: Clock
) -> AsyncIterator[tuple[Store, MediaStore, Path]]:
    """Lend an empty store and its media, which take the place of this configuration's at the end.

    The third is the folder where what was there is kept. The one step that counts is the rename
    of the database; before it, files of media come in beside those there are, and keys are never
    used twice, so the old journal is whole until then. An error leaves everything as it was.
    Raises `NotSupported` where the database is no file, `BadRequest` where media are elsewhere,
    and `Conflict` while a server runs.
    """
    settings = plugins.settings
    selection, host = plugins.select(), loader.Host(settings, clock)
    present, media = loader.create_store(selection, host), _folder(settings.media_url)
    await present.replaceable()
    stamp = f"{clock.now():%Y%m%dT%H%M%S}"
    kept, fresh = settings.data / f"before-restore-{stamp}", settings.data / f"restoring-{stamp}"
    there = with_database(settings, f"sqlite:///{fresh / _DATABASE}")
    beside = loader.Host(replace(there, media_url=f"file://{fresh / 'media'}"), clock)
    fresh.mkdir(mode=0o700)
    try:
        async with loader.create_store(selection, beside) as store:
            yield store, loader.create_media(selection, beside), kept
        kept.mkdir(mode=0o700)
        await asyncio.to_thread(_link, media, kept / "media")
        await asyncio.to_thread(_link, fresh / "media", media)
        await present.replace(fresh / _DATABASE, kept / _DATABASE)
    finally:
        await asyncio.to_thread(shutil.rmtree, fresh, ignore_errors=True)


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise BadRequest(ELSEWHERE)
    return Path(unquote(parts.path))


def _link(source: Path, target: Path) -> None:
    """Give every file of a folder the same name below another one, also where there is one."""
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if not name.startswith(".")]
        place = target / Path(folder).relative_to(source)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in files:
            partial = place / f".{name}.restoring"
            _same_file(Path(folder, name), partial)
            partial.replace(place / name)


def _same_file(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:  # other disks, or a file system without hard links
        shutil.copyfile(source, target)
        target.chmod(0o600)
