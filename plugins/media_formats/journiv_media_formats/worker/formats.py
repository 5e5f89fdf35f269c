"""How each media type is walked through: the same walk finds damage and leaves notes out."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from journiv_media_formats import signatures
from journiv_media_formats.worker import (
    gif,
    heif,
    jpeg,
    matroska,
    movie,
    ogg,
    png,
    riff,
    sounds,
    webp,
)
from journiv_media_formats.worker.patching import Piece, Span
from journiv_media_formats.worker.refusal import Broken, Refused

Cleaning = Callable[[mmap.mmap], Iterator[Piece]]
_AT_ONCE: Final = 1024 * 1024

CLEANING: Final[dict[str, Cleaning]] = {
    signatures.JPEG: jpeg.cleaned,
    signatures.PNG: png.cleaned,
    signatures.GIF: gif.cleaned,
    signatures.WEBP: webp.cleaned,
    signatures.AVIF: heif.cleaned,
    signatures.HEIC: heif.cleaned,
    signatures.HEIF: heif.cleaned,
    signatures.MP4: movie.cleaned,
    signatures.MOV: movie.cleaned,
    signatures.M4A: movie.cleaned,
    signatures.WEBM: matroska.cleaned,
    signatures.WEBM_SOUND: matroska.cleaned,
    signatures.WAV: riff.cleaned,
    signatures.AVI: riff.cleaned,
    signatures.MP3: sounds.frames,
    signatures.AAC: sounds.frames,
    signatures.FLAC: sounds.flac,
    signatures.OGG: ogg.cleaned,
}

_LOOKED_AT: Final = 1445
"""How far a browser looks for a document (WHATWG MIME Sniffing §5.3)."""

_DOCUMENT: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|\?php|style)[\s>/]", re.IGNORECASE
)


@contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap]:
    """Open a file's bytes without reading them. Raises `Broken` for an empty file."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            raise Broken("it is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def check(path: Path, mime: str) -> None:
    """Walk through a file. Raises `Refused` for damage, or a document in disguise."""
    with mapped(path) as data:
        if _DOCUMENT.search(data[:_LOOKED_AT]):
            raise Refused("This file is a document as well.")
        for _ in CLEANING[mime](data):
            pass


def strip(path: Path, mime: str, target: Path) -> bool:
    """Write a cleaned copy; False, and no copy, when nothing is to be taken away."""
    clean = CLEANING[mime]
    with mapped(path) as data:
        if not _changes(data, clean(data)):
            return False
        try:
            with target.open("xb") as copy:
                for part in clean(data):
                    copy.writelines((part,) if isinstance(part, bytes) else _read(data, part))
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    return True


def _changes(data: mmap.mmap, pieces: Iterator[Piece]) -> bool:
    """Tell whether any piece differs from what stands in its place."""
    at = 0
    for piece in pieces:
        if isinstance(piece, Span):
            if piece.start != at:
                return True
            at = piece.end
        else:
            if data[at : at + len(piece)] != piece:
                return True
            at += len(piece)
    return at != len(data)


def _read(data: mmap.mmap, span: Span) -> Iterator[bytes]:
    for at in range(span.start, span.end, _AT_ONCE):
        yield data[at : min(at + _AT_ONCE, span.end)]
