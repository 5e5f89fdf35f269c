"""JSON documents of an archive: arrays of records, or one record each."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

import orjson

from journiv.domain.errors import BadRequest
from journiv_import_formats.archives import Archive
from journiv_import_formats.json_stream import LARGEST, Element, elements, parsed

SNIFFED: Final = 256 * 1024
ALONE: Final = "record"


def documents(archive: Archive) -> list[str]:
    """Return the names of the JSON documents; a source that is no archive is one itself."""
    return [name for name in archive.members if not name or name.lower().endswith(".json")]


def starts(archive: Archive, name: str, size: int = SNIFFED) -> bytes:
    """Return the beginning of a document, nothing of one that cannot be read."""
    try:
        with archive.open(name) as file:
            return file.read(size)
    except BadRequest:
        return b""


def any_document(archive: Archive, looks_right: Callable[[bytes], bool]) -> bool:
    """Say whether the beginning of a document looks right; hundreds are not looked at."""
    return any(looks_right(starts(archive, name)) for name in documents(archive)[:100])


def records(archive: Archive, name: str, *arrays: str) -> Iterator[tuple[str, Element]]:
    """Yield the records of a document, each with where it stands.

    They are the elements of an array, or of the named arrays of an object; without names an object
    is one record itself. Raises `BadRequest` for a document alone that is no JSON at all; one in an
    archive is a record that cannot be read, and does not keep the others from being.
    """
    if not arrays and not _is_array(archive, name):
        yield name or ALONE, single(archive, name)
        return
    within = f"{name} " if name else ""
    try:
        with archive.open(name) as file:
            for element in elements(file, "", *arrays):
                yield f"{within}{ALONE} {element.number}", element
    except BadRequest as error:
        if not name:
            raise
        yield name, Element("", 1, None, f"cannot be read: {error.detail}")


def count(archive: Archive, name: str, *arrays: str) -> int:
    """Count the records of a document; one that is a record itself is not read for it."""
    if not arrays and not _is_array(archive, name):
        return 1
    return sum(1 for _ in records(archive, name, *arrays))


def single(archive: Archive, name: str) -> Element:
    """Return a document that is one object; `value` is None for one that cannot be read."""
    try:
        element = parsed("", 1, archive.read(name, LARGEST).removeprefix(codecs.BOM_UTF8))
        orjson.dumps(element.value)
    except BadRequest as error:
        return Element("", 1, None, f"cannot be read: {error.detail}")
    except orjson.JSONEncodeError:
        return Element("", 1, None, "is nested too deeply")
    return element


def _is_array(archive: Archive, name: str) -> bool:
    start = starts(archive, name, 1024)
    return start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"["


def digest(record: Mapping[str, Any]) -> str:
    """Return a reference for a record that has none: the same contents have the same."""
    return hashlib.sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).hexdigest()


def stem(name: str) -> str:
    """Return a document's name without folders and ending."""
    return PurePosixPath(name).stem
