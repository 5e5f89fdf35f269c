"""Blotting out parts of a file whose other parts must stay where they are."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_PIECE: Final = 1024 * 1024


class Patch(NamedTuple):
    """`content` in place of as many bytes at `at`, and then `zeros` zeros."""

    at: int
    content: bytes
    zeros: int = 0


def patched(data: mmap.mmap, patches: Iterable[Patch]) -> Iterator[bytes]:
    """Yield the file with its patches, in pieces. Of two that overlap the earlier wins."""
    at = 0
    for start, content, zeros in sorted(patches):
        end = min(start + len(content) + zeros, len(data))
        if end <= at:
            continue
        yield from _pieces(data, at, start)
        replacement = content[max(0, at - start) :]
        at = max(at, start)
        yield replacement[: end - at]
        yield from _zeros(end - at - len(replacement))
        at = end
    yield from _pieces(data, at, len(data))


def _pieces(data: mmap.mmap, start: int, end: int) -> Iterator[bytes]:
    for at in range(start, end, _PIECE):
        yield data[at : min(at + _PIECE, end)]


def _zeros(count: int) -> Iterator[bytes]:
    for at in range(0, count, _PIECE):
        yield bytes(min(_PIECE, count - at))
