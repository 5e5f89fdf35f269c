"""Ogg: the second packet of a stream is its comments (RFC 3533, RFC 7845 §5.2, Vorbis I §5)."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import Final, NamedTuple

from journiv_media_formats.worker.patching import Patch, Piece, patched
from journiv_media_formats.worker.refusal import Broken

_MAGIC: Final = {b"OpusHead": b"OpusTags", b"\x01vorbis": b"\x03vorbis", b"Speex   ": b""}
_NOBODY: Final = b"\x00" * 8  # a vendor of no letters, no comments
_POLYNOMIAL: Final = 0x04C11DB7


class Page(NamedTuple):
    """A page: where it is, and how much of its body belongs to the packet that began before."""

    start: int
    body: int
    end: int
    packet_end: int | None


def cleaned(data: mmap.mmap) -> Iterator[Piece]:
    """Yield the sound with its comments emptied. Raises `Broken` for pages that do not fit."""
    first = _page(data, 0)
    start = data[first.body : first.body + 8]
    magic = next((new for old, new in _MAGIC.items() if start.startswith(old)), None)
    if magic is None:  # FLAC in Ogg: a block header of four bytes comes first
        magic = data[_page(data, first.end).body :][:4]
    yield from patched(data, _emptied(data, first.end, magic))


def _emptied(data: mmap.mmap, at: int, magic: bytes) -> Iterator[Patch]:
    content = magic + _NOBODY + (b"\x01" if magic == b"\x03vorbis" else b"")
    while True:
        page = _page(data, at)
        end = page.end if page.packet_end is None else page.packet_end
        blank = content[: end - page.body].ljust(end - page.body, b"\x00")
        content = content[end - page.body :]
        header = data[page.start : page.start + 22] + b"\x00" * 4
        whole = header + data[page.start + 26 : page.body] + blank + data[end : page.end]
        yield Patch(page.start + 22, _checksum(whole).to_bytes(4, "little"))
        yield Patch(page.body, blank)
        if page.packet_end is not None:
            return
        at = page.end


def _page(data: mmap.mmap, at: int) -> Page:
    if data[at : at + 4] != b"OggS" or at + 27 > len(data):
        raise Broken("it ends too early")
    segments = data[at + 27 : at + 27 + data[at + 26]]
    body = at + 27 + len(segments)
    end, packet_end = body + sum(segments), None
    if end > len(data):
        raise Broken("it ends too early")
    last = next((place for place, size in enumerate(segments) if size < 255), None)
    if last is not None:
        packet_end = body + sum(segments[: last + 1])
    return Page(at, body, end, packet_end)


def _checksum(page: bytes) -> int:
    """Return the CRC of RFC 3533 §6, which is not that of zlib."""
    table = [_shifted(byte << 24, 8) for byte in range(256)]
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ table[value >> 24 ^ byte]
    return value


def _shifted(value: int, times: int) -> int:
    for _ in range(times):
        value = (value << 1 & 0xFFFFFFFF) ^ (_POLYNOMIAL if value & 0x80000000 else 0)
    return value
