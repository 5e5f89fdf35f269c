"""Diarium's JSON export: one array, or a document for each entry, with folders of media."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from journiv.contracts.transfer import ImportedEntry, Importer, Rejected
from journiv.domain.errors import BadRequest
from journiv_import_formats.archives import Archive, opened
from journiv_import_formats.diarium_media import DatedMedia
from journiv_import_formats.documents import any_document, digest, documents, records
from journiv_import_formats.fields import (
    LONGEST_WEATHER,
    coordinates,
    fitted,
    number,
    tags,
    text,
    texts,
    titled,
    wall_clock,
)
from journiv_import_formats.html_text import markdown

JOURNAL: Final = "Diarium"


class DiariumImporter(Importer):
    """Reads all documents of an export; its clocks name no zone, so the chosen one is theirs."""

    format = "diarium"
    summary = "Diarium: the JSON export, one file or a ZIP file, with attachments"
    suffixes = (".json", ".zip")

    def recognises(self, source: Path) -> bool:
        """See `Importer`."""
        with opened(source) as archive:
            return any_document(archive, _looks_right)

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`; what lies in the folder of no entry is reported at the end."""
        with opened(source) as archive:
            names = _names(archive)
            dates = (
                text(element.value or {}, "date")
                for name in names
                for _, element in records(archive, name)
            )
            media = DatedMedia(archive, dates)
            for name in names:
                for where, element in records(archive, name):
                    if element.value is None:
                        yield Rejected(where=where, reason=element.reason)
                    else:
                        yield _record(element.value, where, media)
            for member in media.orphans:
                yield Rejected(where=member, reason="lies in the folder of no entry")

    def count(self, source: Path) -> int:
        """See `Importer`."""
        return sum(1 for _ in self.read(source))


def _looks_right(start: bytes) -> bool:
    return b'"date"' in start and (b'"html"' in start or b'"heading"' in start)


def _names(archive: Archive) -> list[str]:
    """Return the documents; what somebody attached is none."""
    found = [name for name in documents(archive) if not name.startswith("media/")]
    if not found:
        raise BadRequest("There is no JSON document in it.")
    return found


def _record(value: Mapping[str, Any], where: str, media: DatedMedia) -> ImportedEntry | Rejected:
    date = text(value, "date")
    moment = wall_clock(date)
    if moment is None:
        return Rejected(where=where, reason="has no time of the calendar in 'date'")
    day, wall_time, at = moment
    body = value.get("html")
    title, content = titled(
        markdown(text(value, "heading")), markdown(body) if isinstance(body, str) else ""
    )
    latitude, longitude = coordinates(value.get("location"))
    rating = number(value, "rating", 5)
    return ImportedEntry(
        where=where,
        ref=digest(value),
        title=title,
        content=content,
        day=day,
        wall_time=wall_time,
        at=at,
        tags=tags(texts(value, "tags")),
        mood=f"{JOURNAL} rating {rating:g}" if rating and rating > 0 else None,
        weather=fitted(text(value, "weather"), LONGEST_WEATHER) or None,
        latitude=latitude,
        longitude=longitude,
        journal=JOURNAL,
        media=media.of(date),
        remarks=tuple(_lost(value)),
    )


def _lost(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing that entries here do not have."""
    for name, what in (("people", "The people it names stay"), ("tracker", "What it tracks stays")):
        listed = "; ".join(markdown(one) for one in texts(value, name))
        if listed:
            yield f"{what} behind: {fitted(listed, 200)}."
