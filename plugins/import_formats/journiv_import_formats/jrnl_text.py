"""jrnl: the plain text it keeps and exports, a line like `[2024-02-29 23:30] Title` above each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from journiv.contracts.transfer import ImportedEntry, Importer, Rejected
from journiv.domain.errors import BadRequest
from journiv_import_formats.fields import tags, titled, wall_clock
from journiv_import_formats.jrnl import JOURNAL, tagged

LARGEST: Final = 4 * 1024 * 1024
LONGEST_LINE: Final = 1024 * 1024
_HEAD: Final = re.compile(
    r"\[(\d{4}-\d\d-\d\d) (\d\d?):(\d\d)(?::\d\d)?(?: ([AaPp])[Mm])?\] ?([^\n]*)"
)


class JrnlTextImporter(Importer):
    """Reads an unencrypted journal, or the export of one."""

    format = "jrnl-text"
    summary = "jrnl: its journal file, or its export as text"
    suffixes = (".txt", ".jrnl")
    also = ("jrnl",)

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`."""
        with _opened(source) as file:
            for number, (head, body) in enumerate(_entries(file), 1):
                where = f"entry {number}"
                if body is None:
                    reason = f"is larger than {LARGEST:,} characters"
                    yield Rejected(where=where, reason=reason)
                else:
                    yield _record(where, head, body)

    def count(self, source: Path) -> int:
        """See `Importer`."""
        with _opened(source) as file:
            return sum(1 for _ in _entries(file))


@contextmanager
def _opened(source: Path) -> Iterator[IO[str]]:
    try:
        with source.open(encoding="utf-8-sig") as file:
            yield file
    except UnicodeDecodeError as error:
        raise BadRequest(f"{source.name} is not UTF-8 text.") from error
    except OSError as error:
        raise BadRequest(f"{source.name} cannot be read: {error.strerror or error}.") from error


def _entries(file: IO[str]) -> Iterator[tuple[re.Match[str], str | None]]:
    """Yield heads with the text below them, None for one that is too large to be held."""
    head: re.Match[str] | None = None
    lines: list[str] = []
    size = 0
    while line := file.readline(LONGEST_LINE):
        found = _HEAD.match(line)
        if found is None:
            if head is None and line.strip():
                raise BadRequest("The file is no journal of jrnl: it begins with no time.")
            size += len(line)
            lines += [line] if size <= LARGEST else []
            continue
        if head is not None:
            yield head, "".join(lines) if size <= LARGEST else None
        head, lines, size = found, [], 0
    if head is None:
        raise BadRequest("The file is no journal of jrnl: it holds no entry.")
    yield head, "".join(lines) if size <= LARGEST else None


def _record(where: str, head: re.Match[str], body: str) -> ImportedEntry | Rejected:
    day, hour, minute, half, title = head.groups()
    moment = wall_clock(f"{day}T{_hour(int(hour), half):02}:{minute}")
    if moment is None:
        return Rejected(where=where, reason="begins with no time of the calendar")
    starred = title.endswith(" *") or title == "*"
    title = title.removesuffix("*").strip() if starred else title.strip()
    known = f"{head[0]}\n{body.strip()}"
    short, content = titled(title, body.strip())
    return ImportedEntry(
        where=where,
        ref=hashlib.sha256(known.encode()).hexdigest(),
        title=short,
        content=content,
        day=moment[0],
        wall_time=moment[1],
        tags=tags(tagged(f"{title}\n{body}")),
        is_pinned=starred,
        journal=JOURNAL,
    )


def _hour(hour: int, half: str | None) -> int:
    """Return the hour of a clock with 24; 99 when no clock shows that."""
    if half is None:
        return hour
    return hour % 12 + (12 if half in "Pp" else 0) if 1 <= hour <= 12 else 99
