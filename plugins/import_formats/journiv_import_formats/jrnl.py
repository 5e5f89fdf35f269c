"""jrnl: the JSON that `jrnl --format json` writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from journiv.contracts.transfer import ImportedEntry, Rejected
from journiv_import_formats.attached import Attachments
from journiv_import_formats.document_importer import DocumentImporter
from journiv_import_formats.documents import digest
from journiv_import_formats.fields import tags, text, texts, titled, wall_clock

JOURNAL: Final = "jrnl"
_TAG: Final = re.compile(r"(?<![\w@])@(\w[\w/-]*)")


class JrnlImporter(DocumentImporter):
    """Reads entries with the times that clocks showed."""

    format = "jrnl"
    summary = "jrnl: its JSON export"
    suffixes = (".json",)
    arrays = ("entries",)

    def looks_right(self, start: bytes) -> bool:
        """See `DocumentImporter`."""
        return b'"entries"' in start and b'"body"' in start and b'"date"' in start

    def record(
        self, value: Mapping[str, Any], where: str, name: str, attachments: Attachments
    ) -> ImportedEntry | Rejected:
        """See `DocumentImporter`."""
        clock = text(value, "time") or "12:00"
        moment = wall_clock(f"{text(value, 'date')}T{clock}")
        if moment is None:
            return Rejected(where=where, reason="has no time of the calendar in 'date' and 'time'")
        day, wall_time, at = moment
        said = text(value, "title")
        title, content = titled(said, text(value, "body"))
        named = [tag.lstrip("@") for tag in texts(value, "tags")]
        return ImportedEntry(
            where=where,
            ref=digest(value),
            title=title,
            content=content,
            day=day,
            wall_time=wall_time,
            at=at,
            tags=tags(named or tagged(f"{said}\n{content}")),
            is_pinned=value.get("starred") is True,
            journal=JOURNAL,
        )


def tagged(content: str) -> list[str]:
    """Return the words behind an `@`, none of those in addresses of mail."""
    return _TAG.findall(content)
