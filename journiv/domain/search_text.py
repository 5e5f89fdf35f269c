"""What people type into a search box, and the piece of text that shows why an entry was found."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, TypedDict

from journiv.domain.text import fold, folded_lengths

MAX_NEEDLES: Final = 32
BEFORE: Final = 60
LENGTH: Final = 200

# A quoted phrase begins at the start of a word and ends at the end of one; any other quote, and
# everything else that some search engines give a meaning, is plain text.
_PART: Final = re.compile(r'(?<!\S)"([^"]*[^"\s][^"]*)"(?!\S)|(\S+)')
_CHUNK: Final = 128

Span = tuple[int, int]
"""Where a piece of text begins, and where it is over."""


class Piece(TypedDict):
    """A part of a snippet; `hit` says that it matches what was looked for."""

    text: str
    hit: bool


def parse_query(text: str) -> tuple[str, ...]:
    """Return the folded substrings that must all occur, each once, at most 32."""
    found = (phrase or word for phrase, word in _PART.findall(fold(text)))
    return tuple(dict.fromkeys(found))[:MAX_NEEDLES]


def snippet(title: str, content: str, needles: Sequence[str]) -> list[Piece]:
    """Return a piece of the text around its first match, or the title when only that matches.

    The pieces put together are the original text, letter for letter, with `…` at a cut.
    """
    folded = fold(content)
    found = [at for needle in needles if (at := folded.find(needle)) >= 0]
    if not found and any(needle in fold(title) for needle in needles):
        return _pieces(title, fold(title), needles)
    at = _unfold(content, min(found)) if found else 0
    start = max(at - BEFORE, 0)
    end = min(start + LENGTH + max(map(len, needles), default=0), len(content))
    start, end = _to_words(content, start, end, at)
    shown = content[start:end]
    pieces = _pieces(shown, folded[start:end] if content.isascii() else fold(shown), needles)
    if start:
        pieces.insert(0, {"text": "…", "hit": False})
    if end < len(content):
        pieces.append({"text": "…", "hit": False})
    return pieces


def _pieces(text: str, folded: str, needles: Sequence[str]) -> list[Piece]:
    """Cut a short text at its matches."""
    pieces: list[Piece] = []
    done = 0
    for start, end in _joined(_matches(text, folded, needles)):
        if start > done:
            pieces.append({"text": text[done:start], "hit": False})
        pieces.append({"text": text[start:end], "hit": True})
        done = end
    if done < len(text):
        pieces.append({"text": text[done:], "hit": False})
    return pieces


def _matches(text: str, folded: str, needles: Sequence[str]) -> list[Span]:
    """Return where the needles are, in letters of the text."""
    found: list[Span] = []
    for needle in needles:
        at = folded.find(needle)
        while at >= 0:
            found.append((at, at + len(needle)))
            at = folded.find(needle, at + 1)
    if not found or text.isascii():
        return found
    # ends[i] is where the folded form of text[i] ends in the folded text.
    ends = list(accumulate(folded_lengths(text)))
    return [_whole(ends, start, end) for start, end in found]


def _whole(ends: Sequence[int], start: int, end: int) -> Span:
    """Return the letters whose folded form overlaps [start, end), with the accents on them."""
    last = bisect_left(ends, end)
    while last + 1 < len(ends) and ends[last + 1] == ends[last]:
        last += 1
    return bisect_right(ends, start), last + 1


def _joined(spans: list[Span]) -> list[Span]:
    """Return the spans in order, those that overlap or touch as one."""
    if len(spans) < 2:
        return spans
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _unfold(text: str, position: int) -> int:
    """Return the index of the character that a position in the folded text belongs to."""
    if text[: position + 1].isascii():
        return position
    seen = 0
    for start in range(0, len(text), _CHUNK):
        chunk = text[start : start + _CHUNK]
        length = len(fold(chunk))
        if seen + length > position:
            return start + bisect_right(list(accumulate(folded_lengths(chunk))), position - seen)
        seen += length
    return max(len(text) - 1, 0)


def _to_words(text: str, start: int, end: int, keep: int) -> tuple[int, int]:
    """Move the ends of a cut inwards to the next space, if there is one before the match."""
    if start:
        space = text.find(" ", start, min(keep, start + 20))
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", max(keep + 1, end - 20), end)
        end = space if space > keep else end
    return start, end
