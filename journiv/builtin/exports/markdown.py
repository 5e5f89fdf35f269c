"""Markdown: a folder for each journal, a file for each entry, media beside them.

See docs/formats/markdown.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from journiv.builtin.exports.zipped import ZipWriter, safe_part
from journiv.contracts.transfer import ExportedEntry, ExportedMedia, Exporter

MEDIA: Final = "media/"
GENERATOR: Final = "Journiv"
# Folders in which programs of notes keep something else, so that importers pass over them.
NO_JOURNALS: Final = ("templates", "node_modules", "__macosx")


class MarkdownExporter(Exporter):
    """Writes what editors of Markdown open as they are."""

    format = "markdown"
    summary = "A Markdown file with front matter for each entry, and pictures, in a ZIP"
    suffix = ".zip"
    media_type = "application/zip"

    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        """See `Exporter`."""
        with ZipWriter(target) as archive:
            for name in NO_JOURNALS:
                archive.free_name("", name, "/")
            written: set[str] = set()
            folders: dict[str, str] = {}
            for entry in entries:
                if entry.journal not in folders:
                    stem = safe_part(entry.journal, "Journal")
                    folders[entry.journal] = archive.free_name("", stem, "/")
                folder = folders[entry.journal]
                media = _written(archive, folder, entry, written)
                stem = f"{entry.day} {safe_part(entry.title, 'Entry')}"
                archive.text(archive.free_name(folder, stem, ".md"), _text(entry, media))


def _written(
    archive: ZipWriter, folder: str, entry: ExportedEntry, written: set[str]
) -> list[tuple[str, ExportedMedia]]:
    """Write an entry's media once each; return those that are there, by their relative path."""
    media = []
    for medium in entry.media:
        name = f"{folder}{MEDIA}{medium.name}"
        if name in written or archive.bytes(name, medium.chunks()):
            written.add(name)
            media.append((f"{MEDIA}{medium.name}", medium))
    return media


def _text(entry: ExportedEntry, media: list[tuple[str, ExportedMedia]]) -> str:
    links = "".join(
        f"\n{'!' if medium.kind == 'image' else ''}[{_label(medium)}]({path})\n"
        for path, medium in media
    )
    front = "".join(f"{name}: {_yaml(value)}\n" for name, value in _front(entry).items())
    return f"---\n{front}---\n{entry.content}\n{links}"


def _front(entry: ExportedEntry) -> dict[str, Any]:
    """Return what stands above the text; empty values are left out."""
    local = datetime.fromisoformat(entry.at).astimezone(ZoneInfo(entry.zone))
    front = {
        "id": entry.ref,
        "title": entry.title,
        "date": local.isoformat(),
        "timezone": entry.zone,
        "journal": entry.journal,
        "tags": list(entry.tags),
        "mood": entry.mood,
        "location": entry.location,
        "weather": entry.weather,
        "latitude": entry.latitude,
        "longitude": entry.longitude,
        "pinned": entry.is_pinned,
        "generator": GENERATOR,
    }
    return {name: value for name, value in front.items() if value not in (None, "", [], False)}


def _yaml(value: object) -> str:
    """Write a value as JSON, which every reader of YAML takes."""
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028")


def _label(medium: ExportedMedia) -> str:
    name = "" if medium.kind == "image" else medium.file_name or medium.name
    text = medium.alt_text or name
    return " ".join(text.split()).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
