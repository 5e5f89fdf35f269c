"""The diary format: one JSON object a line in UTF-8, plain or gzip.

Each line has `ref` (unique), `date` (`YYYY-MM-DD`) or `at` (ISO 8601 instant), `title` and `text`
(Markdown); it may have `time` (`HH:MM`), `zone`, `tags`, `mood`, `location`, `weather`, `pinned`.
Other fields are ignored.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, cast

import orjson

from journiv.contracts.transfer import (
    ExportedEntry,
    Exporter,
    ImportedEntry,
    Importer,
    Rejected,
)
from journiv.domain.clock import parse_day, parse_instant, parse_wall_time, zone
from journiv.domain.errors import BadRequest

LONGEST_LINE: Final = 16 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b"


class _Refused(Exception):
    """Why one record cannot be taken."""


class NdjsonImporter(Importer):
    """Reads the diary format; a bad line is reported and the others go in."""

    format = "ndjson"
    summary = "One JSON object a line (ref, date, title, text), plain or gzip"
    suffixes = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`."""
        for number, line in _lines(source):
            if isinstance(line, Rejected):
                yield line
                continue
            where = f"line {number}"
            try:
                yield _entry(where, _parse(line))
            except _Refused as refusal:
                yield Rejected(where=where, reason=str(refusal))

    def count(self, source: Path) -> int:
        """See `Importer`."""
        return sum(1 for _ in _lines(source))


class NdjsonExporter(Exporter):
    """Writes the diary format with every field the importer reads."""

    format = "ndjson"
    summary = NdjsonImporter.summary
    suffix = ".ndjson.gz"
    media_type = "application/gzip"

    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        """See `Exporter`."""
        for entry in entries:
            target.write(orjson.dumps(_record(entry), option=orjson.OPT_APPEND_NEWLINE))


def _lines(source: Path) -> Iterator[tuple[int, bytes | Rejected]]:
    """Yield the lines that hold something with their numbers, from 1."""
    number = 0
    try:
        with _open(source) as file:
            while line := file.readline(LONGEST_LINE):
                number += 1
                if number == 1:
                    line = line.removeprefix(codecs.BOM_UTF8)
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    _skip_line(file)
                    yield number, Rejected(where=f"line {number}", reason="is longer than 16 MiB")
                elif line.strip():
                    yield number, line
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        if number == 0:
            raise BadRequest(f"{source.name} is not a readable gzip file.") from error
        number += 1
        reason = "cannot be read, nor what follows: the gzip file is damaged or cut off here"
        yield number, Rejected(where=f"line {number}", reason=reason)
    except OSError as error:
        raise BadRequest(f"{source} cannot be read: {error.strerror or error}.") from error


def _open(source: Path) -> IO[bytes]:
    with source.open("rb") as file:
        compressed = file.read(2) == _GZIP
    return cast("IO[bytes]", gzip.open(source)) if compressed else source.open("rb")


def _skip_line(file: IO[bytes]) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _parse(line: bytes) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _Refused("is not JSON") from error
    if not isinstance(record, dict):
        raise _Refused("is not a JSON object")
    return record


def _entry(where: str, record: dict[str, Any]) -> ImportedEntry:
    moment = _at(record)
    return ImportedEntry(
        where=where,
        ref=_text(record, "ref", required=True),
        title=_text(record, "title"),
        content=_text(record, "text", required=True),
        day=None if moment else _day(record),
        wall_time=_wall_time(record),
        at=moment,
        zone=_zone(record),
        tags=_tags(record),
        mood=_text(record, "mood") or None,
        location=_text(record, "location") or None,
        weather=_text(record, "weather") or None,
        is_pinned=record.get("pinned") is True,
    )


def _text(record: dict[str, Any], field: str, *, required: bool = False) -> str:
    value = record.get(field)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise _Refused(f"has no text in '{field}'")
    if required and not value.strip():
        raise _Refused(f"has nothing in '{field}'")
    return value


def _day(record: dict[str, Any]) -> str:
    value = _text(record, "date", required=True)
    if parse_day(value) is None:
        raise _Refused("has no day of the calendar in 'date'")
    return value


def _at(record: dict[str, Any]) -> str | None:
    value = _text(record, "at")
    if not value:
        return None
    moment = parse_instant(value)
    if moment is None:
        raise _Refused("has no instant in 'at'")
    return moment


def _wall_time(record: dict[str, Any]) -> str:
    value = _text(record, "time") or "12:00"
    if parse_wall_time(value) is None:
        raise _Refused("has no time of day in 'time'")
    return value


def _zone(record: dict[str, Any]) -> str | None:
    name = _text(record, "zone")
    if name and zone(name) is None:
        raise _Refused("names a time zone in 'zone' that does not exist")
    return name or None


def _tags(record: dict[str, Any]) -> tuple[str, ...]:
    tags = record.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise _Refused("has something else than a list of texts in 'tags'")
    return tuple(tags)


def _record(entry: ExportedEntry) -> dict[str, Any]:
    record: dict[str, Any] = {
        "ref": entry.ref,
        "date": entry.day,
        "at": entry.at,
        "zone": entry.zone,
        "title": entry.title,
        "text": entry.content,
        "words": entry.words,
    }
    further = {
        "tags": list(entry.tags),
        "mood": entry.mood,
        "location": entry.location,
        "weather": entry.weather,
        "pinned": entry.is_pinned,
    }
    return record | {name: value for name, value in further.items() if value}
