"""Journey's export: a ZIP file with a JSON document for each entry, and media beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Rejected
from journiv_import_formats.attached import Attachments, collected
from journiv_import_formats.document_importer import DocumentImporter
from journiv_import_formats.documents import digest, stem
from journiv_import_formats.fields import (
    LONGEST_JOURNAL,
    LONGEST_LOCATION,
    LONGEST_WEATHER,
    epoch,
    fitted,
    number,
    place,
    row,
    tags,
    text,
    texts,
    zone_of,
)
from journiv_import_formats.html_text import markdown
from journiv_import_formats.titles import headed

JOURNAL: Final = "Journey"
HOTTEST: Final = 200


class JourneyImporter(DocumentImporter):
    """Reads every entry; an enormous number is Journey's way to say that there is none."""

    format = "journey"
    summary = "Journey: the ZIP file of its export, with photos and sounds"
    suffixes = (".zip",)

    def looks_right(self, start: bytes) -> bool:
        """See `DocumentImporter`."""
        return b'"date_journal"' in start

    def record(
        self, value: Mapping[str, Any], where: str, name: str, attachments: Attachments
    ) -> ImportedEntry | Rejected:
        """See `DocumentImporter`."""
        at = epoch(value, "date_journal")
        if at is None:
            return Rejected(where=where, reason="has no instant in 'date_journal'")
        body = value.get("text")
        title, content = headed(markdown(body) if isinstance(body, str) else "")
        zone, remarks = zone_of(text(value, "timezone"))
        media, lost = _media(value, attachments)
        latitude, longitude = place(value, ("lat", "lon"))
        return ImportedEntry(
            where=where,
            ref=text(value, "id") or stem(name) or digest(value),
            title=title,
            content=content,
            at=at,
            zone=zone,
            tags=tags([*texts(value, "tags"), text(value, "label")]),
            mood=_mood(value),
            location=fitted(text(value, "address"), LONGEST_LOCATION) or None,
            weather=_weather(row(value, "weather")),
            latitude=latitude,
            longitude=longitude,
            is_pinned=value.get("favourite") is True,
            journal=fitted(text(value, "folder"), LONGEST_JOURNAL) or JOURNAL,
            media=media,
            remarks=(*remarks, *lost, *_music(value)),
        )


def _media(
    value: Mapping[str, Any], attachments: Attachments
) -> tuple[tuple[ImportedMedia, ...], list[str]]:
    """Return the files by their base names; `photos` lists sounds and films too."""
    return collected((name, attachments.named(name)) for name in texts(value, "photos"))


def _mood(value: Mapping[str, Any]) -> str | None:
    """Return a name for the number of a mood, which means something to Journey only."""
    mood = number(value, "mood", 1000)
    return f"{JOURNAL} mood {mood:g}" if mood and mood > 0 else None


def _weather(weather: Mapping[str, Any]) -> str | None:
    celsius = number(weather, "degree_c", HOTTEST)
    parts = ["" if celsius is None else f"{celsius:.1f}°C", text(weather, "description")]
    return fitted(", ".join(filter(None, parts)), LONGEST_WEATHER) or None


def _music(value: Mapping[str, Any]) -> Iterator[str]:
    heard = [text(value, "music_title"), text(value, "music_artist")]
    if any(heard):
        yield f"The music it names stays behind: {fitted(', '.join(filter(None, heard)), 100)}."
