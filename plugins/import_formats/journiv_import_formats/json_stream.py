"""Elements of large JSON documents, one at a time: a document is never held whole."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

import orjson

from journiv.contracts.transfer import Rejected
from journiv.domain.errors import BadRequest

CHUNK: Final = 256 * 1024
LARGEST: Final = 16 * 1024 * 1024
DEEPEST: Final = 64
_OUTSIDE: Final = re.compile(rb'["{}\[\],]')
_INSIDE: Final = re.compile(rb'["\\]')


class Bytes(Protocol):
    """What can be read in chunks: an open file, or something like one."""

    def read(self, size: int, /) -> bytes:
        """Return at most about that many bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Element:
    """An object in an array: the array's name ("" for a document that is one), from 1, its value.

    `value` is None for what cannot be read; `reason` says why. `parent` are the texts that the
    object around the array has before it.
    """

    array: str
    number: int
    value: dict[str, Any] | None
    reason: str = ""
    parent: Mapping[str, str] = field(default_factory=dict)

    def rejected(self, within: str) -> Rejected:
        """Return what the report says of one that cannot be read."""
        return Rejected(where=f"{within} {self.number}", reason=self.reason)


def elements(file: Bytes, *arrays: str, within: str = "") -> Iterator[Element]:
    """Yield the elements of the named arrays of a document's object, in the document's order.

    The name "" means a document that is an array itself; with `within` the arrays are members of
    the objects in the document's array of that name. Raises `BadRequest` when the document is
    no JSON object or array at all.
    """
    yield from _Reader(file, frozenset(arrays), within).run()


class _Reader:
    """Follows strings and brackets; what lies between them is left to the JSON parser."""

    def __init__(self, file: Bytes, wanted: frozenset[str], within: str) -> None:
        self._file = file
        self._wanted = wanted
        self._within = within
        self._level = 3 if within else 1
        self._buffer = b""
        self._place = 0
        self._kept: int | None = None
        self._depth = 0
        self._deepest = 0
        self._base: int | None = None
        self._array = ""
        self._number = 0
        self._outer: str | None = None
        self._key: str | None = None
        self._names_next = False
        self._parent: dict[str, str] = {}
        self._is_array = False
        self._overlong = False

    def run(self) -> Iterator[Element]:
        if not self._begin():
            raise BadRequest("The file holds no JSON object or array.")
        while (sign := self._next(_OUTSIDE)) is not None:
            if sign == b'"':
                if not self._string():
                    break
            elif sign in b"{[":
                self._open(sign)
            elif sign == b",":
                self._names_next = True
                if self._depth == self._base:
                    yield from self._element()
                    self._kept = self._place
            else:
                if self._depth == self._base:
                    yield from self._element()
                    self._base = self._kept = None
                self._depth -= 1
                if self._depth <= 0:
                    return
        if self._base is not None:
            yield Element(
                self._array, self._number + 1, None, "is cut off, and the rest is missing"
            )

    def _begin(self) -> bool:
        """Read the start: past a byte order mark, an object or an array must begin."""
        self._buffer = self._file.read(CHUNK).removeprefix(codecs.BOM_UTF8).lstrip()
        self._is_array = self._buffer[:1] == b"["
        return self._buffer[:1] in (b"{", b"[")

    def _next(self, signs: re.Pattern[bytes]) -> bytes | None:
        """Move behind the next of these signs and return it; None at the end."""
        while True:
            found = signs.search(self._buffer, self._place)
            if found:
                self._place = found.end()
                return found[0]
            self._place = len(self._buffer)
            if not self._more():
                return None

    def _more(self) -> bool:
        """Read on, dropping what nobody keeps."""
        chunk = self._file.read(CHUNK)
        if self._kept is not None and len(self._buffer) - self._kept > LARGEST:
            self._overlong = True
            self._kept = len(self._buffer)
        start = len(self._buffer) if self._kept is None else self._kept
        self._buffer = self._buffer[start:] + chunk
        self._place -= start
        if self._kept is not None:
            self._kept = 0
        return bool(chunk)

    def _string(self) -> bool:
        """Pass a string, remembering it where it may be a name or belong to a parent."""
        is_shallow = self._base is None and self._depth in (1, self._level) and not self._is_array
        if is_shallow:
            self._kept = self._place - 1
        while (sign := self._next(_INSIDE)) == b"\\":
            if self._place == len(self._buffer) and not self._more():
                return False
            self._place += 1
        if is_shallow:
            self._remember(_text(self._buffer[self._kept or 0 : self._place]))
            self._kept, self._overlong = None, False
        return sign is not None

    def _remember(self, text: str | None) -> None:
        if not self._names_next:
            if self._depth == self._level and self._key and text is not None:
                self._parent[self._key] = text
        elif self._depth == self._level:
            self._key = text
        if self._names_next and self._depth == 1:
            self._outer = text
        self._names_next = False

    def _open(self, sign: bytes) -> None:
        self._depth += 1
        self._deepest = max(self._deepest, self._depth)
        if sign == b"{":
            self._names_next = True
            if self._depth == self._level and self._base is None:
                self._key, self._parent = None, {}
        elif self._base is None and self._is_wanted():
            self._number = 0
            self._deepest = self._base = self._depth
            self._kept = self._place

    def _is_wanted(self) -> bool:
        """Say whether the array that opens here is one of those to read, and note its name."""
        if self._is_array:
            self._array = ""
            return self._depth == 1 and "" in self._wanted
        self._array = self._key or ""
        is_there = self._depth == self._level + 1 and self._array in self._wanted
        return is_there and (not self._within or self._outer == self._within)

    def _element(self) -> Iterator[Element]:
        """Yield what stands between the last comma and here, if anything does."""
        raw = self._buffer[self._kept or 0 : self._place - 1].strip()
        depth, overlong = self._deepest - (self._base or 0), self._overlong
        self._deepest, self._overlong = 0, False
        if not raw and not overlong:
            return
        self._number += 1
        if overlong:
            yield Element(self._array, self._number, None, f"is larger than {LARGEST:,} bytes")
        elif depth > DEEPEST:
            yield Element(self._array, self._number, None, f"is nested deeper than {DEEPEST}")
        else:
            yield replace(parsed(self._array, self._number, raw), parent=self._parent)


def _text(raw: bytes) -> str | None:
    try:
        text = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return text if isinstance(text, str) else None


def parsed(array: str, number: int, raw: bytes) -> Element:
    """Return an element of that array and number, without a value when it is no JSON object."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return Element(array, number, None, "is not JSON")
    if not isinstance(value, dict):
        return Element(array, number, None, "is not a JSON object")
    return Element(array, number, value)
