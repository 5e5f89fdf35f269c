"""Blotting out parts of a file whose other parts must stay where they are."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_ZEROS: Final = 1024 * 1024


class Span(NamedTuple):
    """Bytes of the original that stay as they are."""

    start: int
    end: int


Piece = bytes | Span


class Patch(NamedTuple):
    """`content` in place of as many bytes at `at`, and then `zeros` zeros."""

    at: int
    content: bytes
    zeros: int = 0


def patched(data: mmap.mmap, patches: Iterable[Patch]) -> Iterator[Piece]:
    """Yield the file with its patches, in pieces. Of two that overlap the earlier wins."""
    at = 0
    for start, content, zeros in sorted(patches):
        end = min(start + len(content) + zeros, len(data))
        if end <= at:
            continue
        if start > at:
            yield Span(at, start)
        replacement = content[max(0, at - start) :]
        at = max(at, start)
        yield replacement[: end - at]
        yield from _zeros(end - at - len(replacement))
        at = end
    if at < len(data):
        yield Span(at, len(data))


def _zeros(count: int) -> Iterator[bytes]:
    for at in range(0, count, _ZEROS):
        yield bytes(min(_ZEROS, count - at))
