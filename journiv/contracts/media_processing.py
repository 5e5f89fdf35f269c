"""What is done with the bytes of media: recognised, measured, cleaned and made smaller.

The way of an upload: bytes stream into a file → `sniff` its first bytes → `inspect` the file (what
it says is refused now, with 422) → `strip` it, unless the person keeps originals → store and row.
Later, in the background: `render` its thumbnails (a failure marks the medium as failed).

Bytes of strangers are parsed by a process of its own with limits on memory, time and files; a
processor sees to that itself, and outlives whatever happens to it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SNIFF_BYTES: Final = 4096
"""How much of the beginning of a file `MediaProcessor.sniff` gets to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What a file says of itself, without being decoded whole.

    `width` and `height` are pixels as seen, after the orientation was applied; `duration` is
    seconds; `taken_at` is a wire instant when the file names a zone, else a local
    `YYYY-MM-DDTHH:MM:SS`.
    """

    width: int | None = None
    height: int | None = None
    duration: float | None = None
    taken_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A smaller picture to be made: neither side longer than `longest` pixels, never enlarged."""

    name: str
    longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A picture that was made: where it lies, and what it is."""

    variant: str
    path: Path
    mime: str
    width: int
    height: int


class MediaProcessor(ABC):
    """Knows some types of media.

    `name` is unique; `types` are the media types it recognises; `unshown` are those of them that
    browsers do not show, so that a variant `display` is made beside the thumbnails.
    Paths are files of the server: nothing of their names comes from the person.
    """

    name: str
    types: frozenset[str]
    unshown: frozenset[str] = frozenset()

    @abstractmethod
    def sniff(self, head: bytes) -> str | None:
        """Return which of `types` begins like this, or None. Looks at no more than the bytes."""

    @abstractmethod
    async def inspect(self, path: Path, mime: str) -> MediaFacts:
        """Read what a file says of itself.

        Raises `Unprocessable`, with a sentence for the person, for a file that is broken, is
        something else as well, or is larger than can be decoded (pixels, frames, seconds);
        `Unavailable` when it could not be looked at now.
        """

    @abstractmethod
    async def strip(self, path: Path, mime: str, target: Path) -> bool:
        """Write a copy without places, serial numbers and all other metadata to `target`.

        Orientation and colours stay as they are seen. Returns False, and writes nothing, when
        there is nothing to take away. Raises as `inspect` does.
        """

    @abstractmethod
    async def render(
        self, path: Path, mime: str, variants: Sequence[Variant], folder: Path
    ) -> Sequence[Rendered]:
        """Make these pictures as new files in `folder`, upright and without metadata.

        Returns fewer, or none, where there is nothing to show (a sound, or no ffmpeg). Raises as
        `inspect` does.
        """

    async def close(self) -> None:
        """End what was started. Called once, when the server stops."""
        return
