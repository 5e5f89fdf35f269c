from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from journiv.contracts.media_processing import MediaProcessor, Rendered, Variant
from journiv_media_formats.process import WorkerProcess
from journiv_media_formats.processors import Pictures, Recordings

SMALL = Variant(name="small", longest=30)


@dataclass(frozen=True, slots=True)
class Workshop:
    """Both processors, and a folder to work in."""

    pictures: Pictures
    recordings: Recordings
    uploads: WorkerProcess
    thumbnails: WorkerProcess
    folder: Path

    def sniff(self, path: Path) -> str:
        """Return the type that a processor gives to a file."""
        head = path.read_bytes()[:4096]
        mime = self.pictures.sniff(head) or self.recordings.sniff(head)
        assert mime is not None
        return mime

    def processor(self, mime: str) -> MediaProcessor:
        return self.pictures if mime in self.pictures.types else self.recordings

    async def strip(self, path: Path) -> Path | None:
        """Return the cleaned copy, None when there was nothing to clean."""
        mime, target = self.sniff(path), path.with_name(f"clean-{path.name}")
        return target if await self.processor(mime).strip(path, mime, target) else None

    async def thumbnail(self, path: Path, *variants: Variant) -> list[Rendered]:
        mime, folder = self.sniff(path), self.folder / f"made-{path.name}"
        folder.mkdir()
        wanted = variants or (SMALL,)
        return list(await self.processor(mime).render(path, mime, wanted, folder))


@pytest.fixture
async def workshop(tmp_path: Path) -> AsyncIterator[Workshop]:
    log = logging.getLogger("tests")
    uploads, thumbnails = WorkerProcess(log), WorkerProcess(log)
    made = Workshop(
        Pictures(uploads, thumbnails),
        Recordings(uploads, thumbnails),
        uploads,
        thumbnails,
        tmp_path,
    )
    yield made
    await made.pictures.close()
    await made.recordings.close()
