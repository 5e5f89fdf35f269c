"""Backups of Journiv: version 1.0 with entries in journals, version 1.5 with moments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson

from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Importer, Rejected
from journiv.domain import zip_archive
from journiv.domain.errors import BadRequest
from journiv.domain.zip_archive import ZipArchive
from journiv_import_formats import quill
from journiv_import_formats.attached import Attachments
from journiv_import_formats.fields import (
    LONGEST_LOCATION,
    LONGEST_TITLE,
    LONGEST_WEATHER,
    fitted,
    instant,
    place,
    row,
    rows,
    tags,
    text,
    texts,
    zone_of,
)
from journiv_import_formats.json_stream import Element, elements

DOCUMENTS: Final = ("data.json", "journiv.json")
ARRAYS: Final = ("moments", "entries")


class JournivBackupImporter(Importer):
    """Reads the entries of a backup; whoever made it stays unknown here."""

    format = "journiv-backup"
    summary = "Journiv backup (data.json with media), versions 1.0 to 1.5"
    suffixes = (".zip",)
    also = ("journiv",)

    def recognises(self, source: Path) -> bool:
        """See `Importer`."""
        if not zip_archive.is_zip(source):
            return False
        with zip_archive.opened(source) as archive:
            return any(name in archive.members for name in DOCUMENTS)

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`."""
        with zip_archive.opened(source) as archive:
            document = _document(archive)
            attachments = Attachments(archive, ("media/",))
            with archive.open(document) as file:
                journals = dict(_journals(elements(file, "journals")))
            for element in _elements(archive, document):
                yield _record(element, journals, attachments)

    def count(self, source: Path) -> int:
        """See `Importer`."""
        with zip_archive.opened(source) as archive:
            return sum(1 for _ in _elements(archive, _document(archive)))


def _document(archive: ZipArchive) -> str:
    for name in DOCUMENTS:
        if name in archive.members:
            return name
    raise BadRequest("The archive is no Journiv backup: it has no 'data.json'.")


def _journals(found: Iterator[Element]) -> Iterator[tuple[str, str]]:
    """Yield titles by what moments call their journals; with entries inside nobody asks."""
    for element in found:
        journal = element.value or {}
        title = text(journal, "title")
        for name in ("external_id", "id"):
            if title and text(journal, name):
                yield text(journal, name), title


def _elements(archive: ZipArchive, document: str) -> Iterator[Element]:
    with archive.open(document) as file:
        yield from elements(file, "entries", within="journals")
    with archive.open(document) as file:
        yield from elements(file, *ARRAYS)


def _record(
    element: Element, journals: Mapping[str, str], attachments: Attachments
) -> ImportedEntry | Rejected:
    parent = element.parent.get("title", "") if element.array == "entries" else ""
    within = f"{element.array} {fitted(parent, 60)}".strip()
    if element.value is None:
        return element.rejected(within)
    moment, where = element.value, f"{within} {element.number}"
    entry = row(moment, "entry") if element.array == "moments" else moment
    times = ("logged_at_utc", "logged_at", "entry_datetime_utc", "created_at")
    at = next((found for name in times if (found := instant(moment, name))), None)
    if at is None:
        return Rejected(where=where, reason="has no instant")
    zone, remarks = zone_of(text(moment, "logged_timezone", "entry_timezone"))
    media, missing = _media(moment, entry, attachments)
    latitude, longitude = place(moment)
    return ImportedEntry(
        where=where,
        ref=text(moment, "external_id") or _digest(moment, parent),
        title=fitted(text(entry, "title"), LONGEST_TITLE),
        content=_content(moment, entry),
        at=at,
        zone=zone,
        tags=tags([*texts(moment, "tags"), *_activities(moment)]),
        mood=_mood(moment),
        location=_location(moment),
        weather=_weather(moment),
        latitude=latitude,
        longitude=longitude,
        is_pinned=moment.get("is_pinned") is True,
        journal=journals.get(text(entry, "journal_external_id")) or parent or None,
        media=media,
        remarks=(*remarks, *missing, *_lost(moment, entry)),
    )


def _digest(moment: Mapping[str, Any], journal: str) -> str:
    """Return a reference for what has none: the same entry of the same file has the same."""
    known = orjson.dumps([journal, moment], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(known).hexdigest()


def _content(moment: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    body = quill.markdown(row(entry, "content_delta"))
    body = body or text(entry, "content", "content_plain_text")
    note = text(moment, "note")
    return "\n\n".join(part for part in (note if note != body else "", body) if part)


def _mood(moment: Mapping[str, Any]) -> str | None:
    of_pairs = (text(pair, "mood_name") for pair in rows(moment, "mood_activity"))
    found = text(moment, "primary_mood_name") or text(row(moment, "mood_log"), "mood_name")
    return found or next(filter(None, of_pairs), None)


def _activities(moment: Mapping[str, Any]) -> list[str]:
    return [text(pair, "activity_name") for pair in rows(moment, "mood_activity")]


def _location(moment: Mapping[str, Any]) -> str | None:
    names = ("name", "locality", "admin_area", "country")
    location = row(moment, "location_json")
    parts = dict.fromkeys(part for name in names if (part := text(location, name)))
    return fitted(text(moment, "location") or ", ".join(parts), LONGEST_LOCATION) or None


def _weather(moment: Mapping[str, Any]) -> str | None:
    said = text(moment, "weather_summary", "weather")
    return fitted(said or text(row(moment, "weather_json"), "condition"), LONGEST_WEATHER) or None


def _lost(moment: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing that entries here do not have."""
    if moment.get("people_external_ids"):
        yield "The people it names stay behind."
    if text(moment, "prompt_text"):
        yield "The prompt it answers stays behind."
    if entry.get("is_draft") is True:
        yield "It was a draft and came in as an entry."


def _media(
    moment: Mapping[str, Any], entry: Mapping[str, Any], attachments: Attachments
) -> tuple[tuple[ImportedMedia, ...], list[str]]:
    """Return what is in the archive by path, else by name; paths lead nowhere else."""
    found: list[ImportedMedia] = []
    missing: list[str] = []
    listed = rows(moment, "media") + (rows(entry, "media") if entry is not moment else [])
    for one in listed:
        path, alt = text(one, "file_path"), text(one, "alt_text", "caption")
        media = attachments.at(f"media/{path.removeprefix('media/')}", alt) if path else None
        media = media or attachments.named(path or text(one, "filename"), alt)
        if media is None:
            name = fitted(text(one, "filename") or path, 60)
            missing.append(f"Its file '{name}' is not in the archive.")
        else:
            found.append(replace(media, name=text(one, "filename") or media.name))
    return tuple(found), missing
