"""Memos: the pages that `GET /api/v1/memos` answers, alone or in a ZIP file with attachments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Rejected
from journiv_import_formats.attached import Attachments, missing
from journiv_import_formats.document_importer import DocumentImporter
from journiv_import_formats.documents import digest
from journiv_import_formats.fields import (
    LONGEST_LOCATION,
    epoch,
    fitted,
    instant,
    place,
    row,
    rows,
    tags,
    text,
    texts,
)
from journiv_import_formats.markdown_text import inline_tags
from journiv_import_formats.titles import headed

JOURNAL: Final = "Memos"
FILES: Final = ("attachments", "resources", "resourceList")


class MemosImporter(DocumentImporter):
    """Reads memos; in older versions they had counts of seconds and `resourceList`."""

    format = "memos"
    summary = "Memos: pages of its API as JSON, or a ZIP file of them with the attachments"
    suffixes = (".json", ".zip")
    arrays = ("memos",)

    def looks_right(self, start: bytes) -> bool:
        """See `DocumentImporter`."""
        return b'"content"' in start and (b'"createTime"' in start or b'"createdTs"' in start)

    def record(
        self, value: Mapping[str, Any], where: str, name: str, attachments: Attachments
    ) -> ImportedEntry | Rejected:
        """See `DocumentImporter`."""
        at = instant(value, "createTime") or epoch(value, "createdTs", per_second=1)
        if at is None:
            return Rejected(where=where, reason="has no instant in 'createTime'")
        body = value.get("content")
        title, content = headed(body.strip() if isinstance(body, str) else "")
        media, lost = _media(value, attachments)
        location = row(value, "location")
        latitude, longitude = place(location)
        return ImportedEntry(
            where=where,
            ref=text(value, "name", "uid") or digest(value),
            title=title,
            content=content,
            at=at,
            tags=tags(texts(value, "tags") or inline_tags(content)),
            location=fitted(text(location, "placeholder"), LONGEST_LOCATION) or None,
            latitude=latitude,
            longitude=longitude,
            is_pinned=value.get("pinned") is True,
            journal=JOURNAL,
            media=media,
            remarks=(*lost, *_lost(value)),
        )


def _media(
    value: Mapping[str, Any], attachments: Attachments
) -> tuple[tuple[ImportedMedia, ...], list[str]]:
    """Return the files: below their resource's name, else by a file name that is the only one."""
    found: list[ImportedMedia] = []
    lost: list[str] = []
    listed = [
        one for name in ("attachments", "resources", "resourceList") for one in rows(value, name)
    ]
    for one in listed:
        name, resource = text(one, "filename"), text(one, "name", "uid")
        paths = [f"{folder}{resource}/{name}" for folder in ("", "file/", "attachments/")]
        media = next(filter(None, map(attachments.at, paths)), None) or attachments.only(name)
        if media is None:
            lost.append(missing(name or resource))
        else:
            found.append(media)
    return tuple(found), lost


def _lost(value: Mapping[str, Any]) -> Iterator[str]:
    if "ARCHIVED" in (value.get("state"), value.get("rowStatus")):
        yield "It was archived and came in like the others."
    if text(value, "parent"):
        yield "It was a comment and came in as an entry."
