"""Daylio's backup: a ZIP file with base64 of JSON, and photos named after their checksums."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Importer, Rejected
from journiv.domain import zip_archive
from journiv.domain.errors import BadRequest
from journiv.domain.zip_archive import ZipArchive
from journiv_import_formats.attached import Attachments
from journiv_import_formats.fields import epoch, number, tags, text, titled
from journiv_import_formats.html_text import markdown
from journiv_import_formats.json_stream import Element, elements

DOCUMENT: Final = "backup.daylio"
JOURNAL: Final = "Daylio"
BUILT_IN: Final = {1: "rad", 2: "good", 3: "meh", 4: "bad", 5: "awful"}
BUILT_IN_SCORES: Final = {"rad": 5, "good": 4, "meh": 3, "bad": 2, "awful": 1}
HOUR: Final = 3_600_000


class DaylioImporter(Importer):
    """Reads a Daylio backup; the application's PIN in it is never looked at."""

    format = "daylio"
    summary = "Daylio: the backup (.daylio), with moods, activities, notes and photos"
    suffixes = (".daylio", ".zip")

    def recognises(self, source: Path) -> bool:
        """See `Importer`."""
        if not zip_archive.is_zip(source):
            return False
        with zip_archive.opened(source) as archive:
            return DOCUMENT in archive.members

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`."""
        with zip_archive.opened(source) as archive:
            names = _Names(Attachments(archive, ("assets/",)))
            with _document(archive) as file:
                for element in elements(file, "customMoods", "tags", "assets"):
                    names.learn(element)
            with _document(archive) as file:
                for element in elements(file, "dayEntries"):
                    yield _record(element, names)

    def count(self, source: Path) -> int:
        """See `Importer`."""
        with zip_archive.opened(source) as archive, _document(archive) as file:
            return sum(1 for _ in elements(file, "dayEntries"))


@dataclass(frozen=True, slots=True)
class _Mood:
    """A mood by its name, and how good it is from 1 to 5, which Daylio counts from the best."""

    name: str = ""
    score: int | None = None


@dataclass(slots=True)
class _Names:
    """What the numbers in entries stand for."""

    attachments: Attachments
    moods: dict[int, _Mood] = field(default_factory=dict)
    activities: dict[int, str] = field(default_factory=dict)
    checksums: dict[int, str] = field(default_factory=dict)

    def learn(self, element: Element) -> None:
        one = element.value or {}
        key = one.get("id")
        if not isinstance(key, int):
            return
        if element.array == "customMoods":
            predefined = one.get("predefined_name_id")
            built_in = BUILT_IN.get(predefined, "") if isinstance(predefined, int) else ""
            self.moods[key] = _Mood(text(one, "custom_name") or built_in, _score(one, built_in))
        elif element.array == "tags":
            self.activities[key] = text(one, "name")
        else:
            self.checksums[key] = text(one, "checksum")

    def media(self, entry: Mapping[str, Any]) -> tuple[list[ImportedMedia], list[str]]:
        """Return an entry's files, and what the report says of those that are missing."""
        found: dict[str, ImportedMedia] = {}
        missing: list[str] = []
        for key in _numbers(entry, "assets"):
            checksum = self.checksums.get(key, "")
            media = self.attachments.named(checksum) if checksum else None
            if media is None:
                missing.append(f"Its file number {key} is not in the backup.")
            else:
                found.setdefault(media.name, media)
        return list(found.values()), missing


class _Decoded:
    """The bytes that base64 text stands for, a chunk at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return about that many bytes, none at the end."""
        chunk = self._file.read(size)
        signs = self._rest + bytes(chunk).translate(None, b" \t\r\n")
        end = len(signs) - len(signs) % 4 if chunk else len(signs)
        self._rest = signs[end:]
        try:
            decoded = base64.b64decode(signs[:end], validate=True)
        except binascii.Error as error:
            raise BadRequest(f"The backup's '{DOCUMENT}' is not base64 of JSON.") from error
        return decoded or (self.read(size) if chunk else b"")


@contextmanager
def _document(archive: ZipArchive) -> Iterator[_Decoded]:
    if DOCUMENT not in archive.members:
        raise BadRequest(f"The archive is no Daylio backup: it has no '{DOCUMENT}'.")
    with archive.open(DOCUMENT) as file:
        yield _Decoded(file)


def _record(element: Element, names: _Names) -> ImportedEntry | Rejected:
    if element.value is None:
        return element.rejected("entry")
    entry, where = element.value, f"entry {element.number}"
    at, key = epoch(entry, "datetime"), entry.get("id")
    if at is None or not isinstance(key, int):
        return Rejected(where=where, reason="has no number in 'id', or no 'datetime'")
    number_of_mood = entry.get("mood")
    mood = names.moods.get(number_of_mood) if isinstance(number_of_mood, int) else None
    media, missing = names.media(entry)
    note = entry.get("note")
    title, content = titled(
        markdown(text(entry, "note_title")), markdown(note) if isinstance(note, str) else ""
    )
    return ImportedEntry(
        where=where,
        ref=f"{at}-{key}",
        title=title,
        content=content,
        at=at,
        zone=_zone(number(entry, "timeZoneOffset", 14 * HOUR)),
        tags=tags(names.activities.get(one, "") for one in _numbers(entry, "tags")),
        mood=(mood.name or None) if mood else None,
        mood_score=mood.score if mood else None,
        journal=JOURNAL,
        media=tuple(media),
        remarks=tuple(missing),
    )


def _score(mood: Mapping[str, Any], built_in: str) -> int | None:
    """Return the score of one of Daylio's own moods; of a custom one nobody but its owner knows."""
    return BUILT_IN_SCORES.get(built_in) if not text(mood, "custom_name") else None


def _zone(offset: float | None) -> str | None:
    hours, rest = divmod(offset or 0, HOUR)
    if offset is None or rest or hours < -12:
        return None
    return f"Etc/GMT{-int(hours):+d}" if hours else "UTC"


def _numbers(entry: Mapping[str, Any], name: str) -> list[int]:
    value = entry.get(name)
    return [one for one in value if isinstance(one, int)] if isinstance(value, list) else []
