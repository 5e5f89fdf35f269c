"""Folders of Markdown, as Obsidian and many others keep them, packed or not."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Importer, Rejected
from journiv.domain.clock import parse_day, parse_instant, parse_wall_time
from journiv.domain.errors import BadRequest
from journiv.domain.ids import parse_id
from journiv_import_formats.archives import Archive, opened
from journiv_import_formats.attached import Attachments
from journiv_import_formats.fields import (
    LONGEST_LOCATION,
    LONGEST_TITLE,
    LONGEST_WEATHER,
    coordinates,
    fitted,
    tags,
    wall_clock,
    zone_of,
)
from journiv_import_formats.front_matter import Values, split
from journiv_import_formats.markdown_text import as_written, plain

LARGEST: Final = 4 * 1024 * 1024
JOURNIV: Final = "Journiv"  # what it names itself above the notes it exports
SUFFIXES: Final = (".md", ".markdown")
SKIPPED: Final = frozenset(("templates", "__macosx", "node_modules"))
_DATE: Final = re.compile(
    r"(?<!\d)(\d{4})-?([01]\d)-?([0-3]\d)(?:[T _-]+([0-2]\d)[-:.h]?([0-5]\d))?(?!\d)"
)
_HEADING: Final = re.compile(r"\s*#[ \t]+(\S[^\n]*)(?:\n|\Z)")
_NUMERIC: Final = re.compile(r"[\d ._-]+\Z")


class MarkdownImporter(Importer):
    """Reads every note; folders become journals.

    A note without a date gets the time at which its file was last changed.
    """

    format = "markdown"
    summary = "A folder of Markdown as ZIP, with front matter, media and Obsidian's links"
    suffixes = (".zip",)

    def recognises(self, source: Path) -> bool:
        """See `Importer`."""
        with opened(source) as archive:
            return bool(_notes(archive))

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`."""
        with opened(source) as archive:
            notes = _notes(archive)
            if not notes:
                raise BadRequest("The archive holds no Markdown file.")
            root = _root(notes)
            attachments = Attachments(archive)
            for name in notes:
                yield self._placed(_record(archive, name, name.removeprefix(root), attachments))

    def count(self, source: Path) -> int:
        """See `Importer`."""
        with opened(source) as archive:
            return len(_notes(archive))

    def _placed(self, record: ImportedEntry | Rejected) -> ImportedEntry | Rejected:
        """Return a record in the journal of its folder, unless it names one itself."""
        if isinstance(record, Rejected) or record.journal:
            return record
        named = (folder for folder in _folders(record.where) if not _NUMERIC.match(folder))
        return replace(record, journal=next(named, None))


class MarkdownTagsImporter(MarkdownImporter):
    """Reads the same, for people to whom folders are subjects: each becomes a tag."""

    format = "markdown-tags"
    summary = "A folder of Markdown as ZIP, like `markdown`, but its folders become tags"

    def _placed(self, record: ImportedEntry | Rejected) -> ImportedEntry | Rejected:
        if isinstance(record, Rejected):
            return record
        named = (folder for folder in _folders(record.where) if not _NUMERIC.match(folder))
        return replace(record, tags=tags([*record.tags, *named]))


def _folders(path: str) -> list[str]:
    return path.split("/")[:-1]


def _notes(archive: Archive) -> list[str]:
    """Return the Markdown files, without hidden ones and templates."""
    return [
        name
        for name in archive.members
        if name.lower().endswith(SUFFIXES)
        and not any(part.startswith(".") or part.lower() in SKIPPED for part in name.split("/"))
    ]


def _root(names: list[str]) -> str:
    """Return the folder that holds everything, as programs pack it (`vault/`); else ""."""
    first = names[0].partition("/")[0] + "/"
    return first if all(name.startswith(first) for name in names) else ""


def _record(
    archive: Archive, name: str, path: str, attachments: Attachments
) -> ImportedEntry | Rejected:
    try:
        raw = archive.read(name, LARGEST)
        document = raw.decode("utf-8-sig")
    except BadRequest as error:
        return Rejected(where=path, reason=f"cannot be read: {error.detail}")
    except UnicodeDecodeError:
        return Rejected(where=path, reason="is not UTF-8 text")
    values, body = split(document.replace("\r\n", "\n"))
    said = _moment(values, PurePosixPath(path).stem)
    moment = said or wall_clock(archive.members[name].modified or "")
    if moment is None:
        return Rejected(where=path, reason="has no date, neither above its text nor in its name")
    note = _Note(name, attachments)
    if values.get("generator") == [JOURNIV]:
        body = body if document.startswith("---\r") else split(document)[1]
        title, content, named = _own_texts(values, body, note)
    else:
        title, content, named = _texts(values, body, note, PurePosixPath(path).stem)
    key = parse_id(_first(values, "id"))
    entry = ImportedEntry(
        where=path,
        ref=key or hashlib.sha256(path.encode() + b"\0" + raw).hexdigest(),
        title=title,
        content=content,
        day=moment[0],
        wall_time=moment[1],
        at=moment[2],
        tags=named,
        media=tuple(note.media.values()),
        remarks=(*_undated(said), *note.missing),
    )
    return _described(entry, values)


def _described(entry: ImportedEntry, values: Values) -> ImportedEntry:
    """Return an entry with what stands above its text beside its title and date."""
    zone, remarks = zone_of(_first(values, "zone", "timezone"))
    location, latitude, longitude = _place(values)
    return replace(
        entry,
        zone=zone,
        mood=_first(values, "mood") or None,
        location=location,
        weather=fitted(_first(values, "weather"), LONGEST_WEATHER) or None,
        latitude=latitude,
        longitude=longitude,
        is_pinned=_first(values, "pinned", "starred").lower() in ("true", "yes"),
        journal=_first(values, "journal") or None,
        remarks=(*remarks, *entry.remarks),
    )


def _undated(said: object) -> tuple[str, ...]:
    return () if said else ("It names no date, so it has that of its file.",)


class _Note:
    """Finds the files that one note embeds: beside it, or anywhere by their names."""

    def __init__(self, name: str, attachments: Attachments) -> None:
        self._folder = posixpath.dirname(name)
        self._attachments = attachments
        self.media: dict[str, ImportedMedia] = {}
        self.missing: list[str] = []

    def attach(self, path: str, alt_text: str) -> bool:
        """Take a file that is no note."""
        suffix = PurePosixPath(path).suffix.lower()
        if not suffix or suffix in SUFFIXES:
            return False
        beside = posixpath.normpath(posixpath.join(self._folder, path))
        media = self._attachments.at(beside, alt_text) or self._attachments.named(path, alt_text)
        if media is None:
            self.missing.append(f"Its file '{fitted(path, 60)}' is not in the archive.")
            return False
        self.media.setdefault(beside, media)
        return True


def _first(values: Values, *names: str) -> str:
    return next((values[name][0] for name in names if values.get(name)), "")


def _place(values: Values) -> tuple[str | None, float | None, float | None]:
    """Return name and degrees of a place; degrees may also stand where the name should."""
    said = values.get("location") or values.get("place") or []
    latitude, longitude = coordinates([_first(values, "latitude"), _first(values, "longitude")])
    if latitude is not None:
        return fitted("".join(said[:1]), LONGEST_LOCATION) or None, latitude, longitude
    latitude, longitude = coordinates(",".join(said))
    named = said[:1] if latitude is None else []
    return fitted("".join(named), LONGEST_LOCATION) or None, latitude, longitude


def _moment(values: Values, stem: str) -> tuple[str | None, str, str | None] | None:
    """Return day and wall time, or an instant, from the front matter or else the file's name."""
    said = _first(values, "date", "created", "created_at", "datetime", "creation date")[:40]
    at = parse_instant(said) if re.search(r"T.*(?:Z|[+-]\d\d:?\d\d(?::\d\d)?)\Z", said) else None
    if at is not None:
        return None, "12:00", at
    for text in (said, stem):
        found = _DATE.search(text)
        day = "-".join(found.group(1, 2, 3)) if found else ""
        if found is None or parse_day(day) is None:
            continue
        clock = f"{found[4]}:{found[5]}" if found[4] else _first(values, "time")[:5]
        return day, clock if parse_wall_time(clock) else "12:00", None
    return None


def _own_texts(values: Values, body: str, note: _Note) -> tuple[str, str, tuple[str, ...]]:
    """Return title, text and tags of a note that Journiv exported, as they were."""
    title, tags = _first(values, "title"), values.get("tags", [])
    return title, as_written(body, note.attach), tuple(tags)


def _texts(values: Values, body: str, note: _Note, stem: str) -> tuple[str, str, tuple[str, ...]]:
    """Return title, text and tags of any note, without what only its program understands."""
    content, inline = plain(body, note.attach)
    title, content = _title(values, content, stem)
    return fitted(title, LONGEST_TITLE), content, tags([*_tags(values), *inline])


def _title(values: Values, content: str, stem: str) -> tuple[str, str]:
    """Return the title and the text without it; a name that is only a date is none."""
    heading = _HEADING.match(content)
    said = _first(values, "title")
    if heading and said in ("", heading[1].strip(" #")):
        return heading[1].strip(" #"), content[heading.end() :].strip()
    return said or ("" if _NUMERIC.match(stem) else stem), content


def _tags(values: Values) -> Iterator[str]:
    """Yield tags of lists, or of one text with commas or spaces."""
    for name in ("tags", "tag", "keywords"):
        listed = values.get(name, [])
        for one in listed:
            yield from re.split(r",|\s(?=#)", one) if len(listed) == 1 else [one]
