"""MP3, AAC and FLAC: sounds whose notes are tags around or before the frames."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import Final

from journiv_media_formats.worker.patching import Piece, Span
from journiv_media_formats.worker.refusal import Broken

_ID3V1: Final = 128
_FLAC_KEPT: Final = frozenset({0, 3})  # STREAMINFO, SEEKTABLE


def frames(data: mmap.mmap) -> Iterator[Piece]:
    """Yield an MP3 or AAC without ID3 and APE tags (ID3v2.4 §3, APEv2)."""
    start, end = _after_id3(data), len(data)
    if end - start >= _ID3V1 and data[end - _ID3V1 : end - _ID3V1 + 3] == b"TAG":
        end -= _ID3V1
    if data[end - 32 : end - 24] == b"APETAGEX":
        has_header = data[end - 9] & 0x80
        end -= int.from_bytes(data[end - 20 : end - 16], "little") + (32 if has_header else 0)
    if end - start < 4 or data[start] != 0xFF:
        raise Broken("it holds no sound")
    yield Span(start, end)


def flac(data: mmap.mmap) -> Iterator[Piece]:
    """Yield a FLAC with nothing but its stream's description and seek points (RFC 9639 §8)."""
    at, blocks, last = 4, [], False
    while not last:
        if at + 4 > len(data):
            raise Broken("it ends too early")
        kind, end = data[at] & 0x7F, at + 4 + int.from_bytes(data[at + 1 : at + 4], "big")
        last = bool(data[at] & 0x80)
        if kind in _FLAC_KEPT:
            blocks.append((kind, data[at + 1 : end]))
        at = end
    if at >= len(data) or not blocks:
        raise Broken("it holds no sound")
    yield b"fLaC"
    for number, (kind, rest) in enumerate(blocks, 1):
        yield bytes((kind | (0x80 if number == len(blocks) else 0),)) + rest
    yield Span(at, len(data))


def _after_id3(data: mmap.mmap) -> int:
    """Return where the sound starts: after every ID3v2 tag."""
    at = 0
    while data[at : at + 3] == b"ID3":
        size = 0
        for byte in data[at + 6 : at + 10]:
            size = size << 7 | (byte & 0x7F)
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    while data[at : at + 1] == b"\x00":  # padding
        at += 1
    return at
