from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

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


@asynccontextmanager
async def _opened() -> AsyncIterator[tuple[WorkerProcess, WorkerProcess]]:
    log = logging.getLogger("tests")
    uploads, thumbnails = WorkerProcess(log), WorkerProcess(log)
    yield uploads, thumbnails
    await uploads.close()
    await thumbnails.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def processes() -> AsyncIterator[tuple[WorkerProcess, WorkerProcess]]:
    async with _opened() as opened:
        yield opened


@pytest.fixture
async def own_processes() -> AsyncIterator[tuple[WorkerProcess, WorkerProcess]]:
    async with _opened() as opened:
        yield opened


@pytest.fixture
def workshop(processes: tuple[WorkerProcess, WorkerProcess], tmp_path: Path) -> Workshop:
    """A folder of the test's own, and processes that its module shares: they are slow to start."""
    return _workshop(*processes, tmp_path)


@pytest.fixture
def own_workshop(own_processes: tuple[WorkerProcess, WorkerProcess], tmp_path: Path) -> Workshop:
    """A folder and processes of the test's own."""
    return _workshop(*own_processes, tmp_path)


def _workshop(uploads: WorkerProcess, thumbnails: WorkerProcess, folder: Path) -> Workshop:
    pictures, recordings = Pictures(uploads, thumbnails), Recordings(uploads, thumbnails)
    return Workshop(pictures, recordings, uploads, thumbnails, folder)
