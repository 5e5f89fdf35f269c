"""Daylio's table: one entry a line, its header decides which columns there are."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from journiv.contracts.transfer import ImportedEntry, Importer, Rejected
from journiv.domain.clock import parse_day
from journiv.domain.errors import BadRequest
from journiv_import_formats.daylio import BUILT_IN_SCORES, JOURNAL
from journiv_import_formats.fields import tags, titled
from journiv_import_formats.html_text import markdown

LONGEST_LINE: Final = 1024 * 1024
NEEDED: Final = frozenset(("full_date", "time", "mood"))
_TIME: Final = re.compile(r"(\d{1,2})[:.](\d\d)(?::\d\d)?\s*([ap])?\.?m?\.?\Z", re.IGNORECASE)


class DaylioTableImporter(Importer):
    """Reads Daylio's CSV export; it holds no photos, and no numbers of entries."""

    format = "daylio-csv"
    summary = "Daylio: the CSV export, with moods, activities and notes"
    suffixes = (".csv",)
    also = ("daylio",)

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`."""
        with _opened(source) as file:
            header, rows = _table(file)
            for number, row in _numbered(rows):
                if isinstance(row, Rejected):
                    yield row
                elif any(row):
                    yield _record(f"row {number}", header, row)

    def count(self, source: Path) -> int:
        """See `Importer`."""
        return sum(1 for _ in self.read(source))


@contextmanager
def _opened(source: Path) -> Iterator[IO[str]]:
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except UnicodeDecodeError as error:
        raise BadRequest(f"{source.name} is not UTF-8 text.") from error
    except OSError as error:
        raise BadRequest(f"{source.name} cannot be read: {error.strerror or error}.") from error


def _table(file: IO[str]) -> tuple[list[str], Iterator[list[str]]]:
    """Return the names of the columns and the rows below them."""
    first = file.readline(LONGEST_LINE)
    signs = "\t" if "\t" in first else ","
    header = [name.strip().lower() for name in first.replace('"', "").split(signs)]
    if not set(header) >= NEEDED:
        raise BadRequest("The file is no table of Daylio: it lacks full_date, time or mood.")
    return header, csv.reader(_lines(file), delimiter=signs, strict=True)


def _lines(file: IO[str]) -> Iterator[str]:
    """Yield lines; the last one must have an end, or a quote there, to be known as whole."""
    while line := file.readline(LONGEST_LINE):
        if line.endswith(("\n", '"')):
            yield line
        else:
            raise csv.Error


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | Rejected]]:
    """Yield rows from 1; a damaged one does not end the table."""
    number = 0
    while True:
        number += 1
        try:
            yield number, next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield number, Rejected(where=f"row {number}", reason="is damaged or cut off")


def _record(where: str, header: list[str], row: list[str]) -> ImportedEntry | Rejected:
    if len(row) != len(header):
        return Rejected(where=where, reason=f"has {len(row)} columns, not {len(header)}")
    values = {name: value.strip() for name, value in zip(header, row, strict=True)}
    if parse_day(values["full_date"]) is None:
        return Rejected(where=where, reason="has no day of the calendar in 'full_date'")
    wall_time = _wall_time(values["time"])
    if wall_time is None:
        return Rejected(where=where, reason="has no time of day in 'time'")
    title, content = titled(values.get("note_title", ""), markdown(values.get("note", "")))
    return ImportedEntry(
        where=where,
        ref=hashlib.sha256("\0".join(values.values()).encode()).hexdigest(),
        title=title,
        content=content,
        day=values["full_date"],
        wall_time=wall_time,
        tags=tags(values.get("activities", "").split("|")),
        mood=values["mood"] or None,
        mood_score=BUILT_IN_SCORES.get(values["mood"].lower()),
        journal=JOURNAL,
    )


def _wall_time(text: str) -> str | None:
    """Read `22:30` or `10:30 pm`, with whatever space stands between."""
    found = _TIME.match(text.replace("\u202f", " ").replace("\u00a0", " "))
    if found is None:
        return None
    hour, half = int(found[1]), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return f"{hour:02}:{found[2]}" if hour < 24 and int(found[2]) < 60 else None
