"""The two processors: pictures, and recordings (films and sounds)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from journiv.contracts.media_processing import MediaFacts, MediaProcessor, Rendered, Variant
from journiv_media_formats import signatures
from journiv_media_formats.process import WorkerProcess


class ConfinedProcessor(MediaProcessor):
    """Asks one process about new uploads and another for thumbnails, so that neither waits."""

    def __init__(self, uploads: WorkerProcess, thumbnails: WorkerProcess) -> None:
        self._uploads = uploads
        self._thumbnails = thumbnails

    @abstractmethod
    def sniff(self, head: bytes) -> str | None:
        """See `MediaProcessor.sniff`."""

    async def inspect(self, path: Path, mime: str) -> MediaFacts:
        """See `MediaProcessor.inspect`."""
        found = await self._uploads.ask({"task": "inspect", "path": str(path), "mime": mime})
        return MediaFacts(**found)

    async def strip(self, path: Path, mime: str, target: Path) -> bool:
        """See `MediaProcessor.strip`."""
        question = {"task": "strip", "path": str(path), "mime": mime, "target": str(target)}
        return bool(await self._uploads.ask(question))

    async def render(
        self, path: Path, mime: str, variants: Sequence[Variant], folder: Path
    ) -> Sequence[Rendered]:
        """See `MediaProcessor.render`."""
        made = await self._thumbnails.ask(
            {
                "task": "render",
                "path": str(path),
                "mime": mime,
                "variants": [asdict(one) for one in variants],
                "folder": str(folder),
            }
        )
        return [Rendered(**one | {"path": Path(one["path"])}) for one in made]

    async def close(self) -> None:
        """See `MediaProcessor.close`."""
        await self._uploads.close()
        await self._thumbnails.close()


class Pictures(ConfinedProcessor):
    """JPEG, PNG, GIF, WebP, AVIF and HEIC, decoded by Pillow and libheif."""

    name = "pictures"
    types = signatures.PICTURES
    unshown = frozenset({signatures.HEIC, signatures.HEIF})

    def sniff(self, head: bytes) -> str | None:
        """See `MediaProcessor.sniff`."""
        return signatures.sniff_picture(head)


class Recordings(ConfinedProcessor):
    """Films and sounds, measured and shown by ffprobe and ffmpeg where these are installed."""

    name = "recordings"
    types = signatures.RECORDINGS

    def sniff(self, head: bytes) -> str | None:
        """See `MediaProcessor.sniff`."""
        return signatures.sniff_recording(head)
