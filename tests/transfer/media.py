"""Media for tests of transfers: one store of files and what takes them in, as a server has them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from journiv.builtin.filesystem_media import FilesystemMedia
from journiv.config.schema import MEDIA
from journiv.contracts.media import MediaStore
from journiv.contracts.records import MediaRecord
from journiv.contracts.storage import Store
from journiv.domain.clock import SystemClock
from journiv.domain.scope import UserScope
from journiv.services.media.adding import MEGABYTE, MediaAdding, UploadLimits
from journiv.services.media.processors import Processors
from journiv.services.media.staging import Staging
from journiv.services.media.types import AllowedTypes
from journiv_media_formats.process import WorkerProcess
from journiv_media_formats.processors import Pictures, Recordings

LOG = logging.getLogger("journiv.tests")


@dataclass(frozen=True, slots=True)
class Album:
    """A media store in a folder, and what takes files into it for one store of rows."""

    folder: Path
    files: MediaStore
    adding: MediaAdding

    def stored(self) -> list[Path]:
        """Every file there is, unfinished ones too."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


@asynccontextmanager
async def album(store: Store, folder: Path, largest: int = 50 * MEGABYTE) -> AsyncIterator[Album]:
    """Give an album; its processes end with it."""
    files = FilesystemMedia(folder.as_uri())
    worker = WorkerProcess(LOG)
    processors = Processors([Pictures(worker, worker), Recordings(worker, worker)])
    limits = UploadLimits(
        file=largest,
        quota=0,
        files=10_000,
        kept_free=0,
        types=AllowedTypes(
            MEDIA["allowed_media_types"]["default"], MEDIA["allowed_file_extensions"]["default"]
        ),
    )
    staging = Staging(files, folder / ".staging")
    adding = MediaAdding(store, files, staging, processors, limits, SystemClock())
    try:
        yield Album(folder, files, adding)
    finally:
        await processors.close()


async def media_of(store: Store, scope: UserScope, entry_id: str) -> list[MediaRecord]:
    return await store.read(scope, lambda tx: tx.media.of_entry(entry_id))
