"""Text as people write it: folding for search, counting, refusing what cannot be stored."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"',
})  # fmt: skip
_NORMALIZED = 1_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PRINTED = {**dict.fromkeys([*range(1, 9), *range(14, 32)]), 11: "\n", 12: "\n"}


class _FoldTable(dict[int, str]):
    """Folds one character at a time, so that folding is the same for a text and for its parts."""

    def __missing__(self, code: int) -> str:
        char = chr(code).translate(_QUOTES).casefold()
        bare = "".join(
            c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)
        )
        folded = self[code] = bare.casefold()
        return folded


_FOLD = _FoldTable()


def fold(text: str) -> str:
    """Return text without case, accents and typographic quotes: what search compares."""
    if text.isascii():
        return text.lower()
    return text.translate(_FOLD)


def folded_lengths(text: str) -> list[int]:
    """Return how many characters each character becomes when it is folded."""
    return list(map(len, map(_FOLD.__getitem__, map(ord, text))))


def word_count(text: str) -> int:
    """Count whitespace-separated words."""
    return len(text.split())


def excerpt(text: str, length: int = 200) -> str:
    """Return the first `length` characters, with `...` when something was cut."""
    return text if len(text) <= length else text[:length] + "..."


def unstorable(text: str) -> bool:
    """Say whether text holds NUL or a lone surrogate, which no store can keep."""
    return _UNSTORABLE.search(text) is not None


def has_controls(text: str) -> bool:
    """Say whether text holds a C0 control besides NUL, tab, line feed and carriage return."""
    return _CONTROLS.search(text) is not None


def without_controls(text: str) -> str:
    """Return text without them; what feeds a line or a page becomes a line feed."""
    return text.translate(_PRINTED) if has_controls(text) else text


def shown(text: str) -> str:
    """Return text as a report or a terminal shows it: U+FFFD for controls and lone surrogates."""
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", text)


def tag_name(name: str) -> str:
    """Return a tag's name as it is stored and compared: NFC, trimmed, lower-case.

    Text far longer than any name is only trimmed: a long run of combining marks takes quadratic
    time to put in order.
    """
    name = name.strip()
    return unicodedata.normalize("NFC", name).lower() if len(name) <= _NORMALIZED else name
