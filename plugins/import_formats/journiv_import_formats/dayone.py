"""Day One's JSON export: a ZIP file with one document for each journal, and media beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Importer, Rejected
from journiv.domain import zip_archive
from journiv.domain.errors import BadRequest
from journiv.domain.zip_archive import ZipArchive
from journiv_import_formats.attached import Attachments, collected
from journiv_import_formats.dayone_text import written
from journiv_import_formats.fields import (
    LONGEST_LOCATION,
    LONGEST_WEATHER,
    fitted,
    instant,
    number,
    place,
    row,
    rows,
    tags,
    text,
    texts,
    zone_of,
)
from journiv_import_formats.json_stream import Element, elements

MEDIA: Final = ("photos", "videos", "audios", "pdfAttachments")
FOLDERS: Final = ("photos/", "videos/", "audios/", "pdfs/")
SNIFFED: Final = 64 * 1024


class DayOneImporter(Importer):
    """Reads every journal of a Day One export."""

    format = "dayone"
    summary = "Day One: the ZIP file of its JSON export, with photos, videos and sounds"
    suffixes = (".zip",)

    def recognises(self, source: Path) -> bool:
        """See `Importer`."""
        if not zip_archive.is_zip(source):
            return False
        with zip_archive.opened(source) as archive:
            return any(_is_journal(archive, name) for name in _documents(archive))

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`."""
        with zip_archive.opened(source) as archive:
            names = _journals(archive)
            attachments = Attachments(archive, FOLDERS)
            for name in names:
                with archive.open(name) as file:
                    for element in elements(file, "entries"):
                        yield _record(element, name, attachments)

    def count(self, source: Path) -> int:
        """See `Importer`."""
        with zip_archive.opened(source) as archive:
            total = 0
            for name in _journals(archive):
                with archive.open(name) as file:
                    total += sum(1 for _ in elements(file, "entries"))
            return total


def _documents(archive: ZipArchive) -> list[str]:
    return [name for name in archive.members if "/" not in name and name.endswith(".json")]


def _is_journal(archive: ZipArchive, name: str) -> bool:
    """Say whether a document looks like a journal of Day One; only its beginning is read."""
    with archive.open(name) as file:
        start = file.read(SNIFFED)
    return b'"entries"' in start and (b'"uuid"' in start or b'"metadata"' in start)


def _journals(archive: ZipArchive) -> list[str]:
    found = [name for name in _documents(archive) if _is_journal(archive, name)]
    if not found:
        raise BadRequest("The archive holds no JSON document of a Day One journal.")
    return found


def _record(element: Element, document: str, attachments: Attachments) -> ImportedEntry | Rejected:
    within = f"{document} entry"
    if element.value is None:
        return element.rejected(within)
    entry, where = element.value, f"{within} {element.number}"
    ref, at = text(entry, "uuid"), instant(entry, "creationDate")
    if not ref or at is None:
        return Rejected(where=where, reason="has no 'uuid' or no instant in 'creationDate'")
    title, content, embedded = written(entry)
    zone, remarks = zone_of(text(entry, "timeZone"))
    media, missing = _media(entry, embedded, attachments)
    location = row(entry, "location")
    latitude, longitude = place(location)
    return ImportedEntry(
        where=where,
        ref=ref,
        title=title,
        content=content,
        at=at,
        zone=zone,
        tags=tags(texts(entry, "tags")),
        location=_location(location),
        weather=_weather(row(entry, "weather")),
        latitude=latitude,
        longitude=longitude,
        is_pinned=any(entry.get(name) is True for name in ("starred", "pinned", "isPinned")),
        journal=PurePosixPath(document).stem,
        media=media,
        remarks=(*remarks, *missing),
    )


def _media(
    entry: Mapping[str, Any], embedded: list[str], attachments: Attachments
) -> tuple[tuple[ImportedMedia, ...], list[str]]:
    """Return what an entry's text shows, in its order, then what else belongs to it."""
    listed = [one for name in MEDIA for one in sorted(rows(entry, name), key=_order)]
    known = {text(one, "identifier").lower(): one for one in listed}
    wanted = dict.fromkeys([*map(str.lower, embedded), *known])
    stems = {one: text(known.get(one, {}), "md5") or one for one in wanted}
    return collected(
        (stem, attachments.stemmed(stem) or attachments.stemmed(one)) for one, stem in stems.items()
    )


def _order(medium: Mapping[str, Any]) -> float:
    return number(medium, "orderInEntry") or 0


def _location(location: Mapping[str, Any]) -> str | None:
    names = ("placeName", "localityName", "administrativeArea", "country")
    parts = dict.fromkeys(part for name in names if (part := text(location, name)))
    return fitted(", ".join(parts), LONGEST_LOCATION) or None


def _weather(weather: Mapping[str, Any]) -> str | None:
    celsius = number(weather, "temperatureCelsius", 200)
    parts = ["" if celsius is None else f"{celsius:.1f}°C", text(weather, "conditionsDescription")]
    return fitted(", ".join(filter(None, parts)), LONGEST_WEATHER) or None
