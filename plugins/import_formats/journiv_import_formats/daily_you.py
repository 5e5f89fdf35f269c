"""Daily You: an array of texts with moods from -2 to 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from journiv.contracts.transfer import ImportedEntry, Rejected
from journiv_import_formats.attached import Attachments
from journiv_import_formats.document_importer import DocumentImporter
from journiv_import_formats.documents import digest
from journiv_import_formats.fields import number, text, wall_clock
from journiv_import_formats.titles import headed

JOURNAL: Final = "Daily You"


class DailyYouImporter(DocumentImporter):
    """Reads the JSON export; it holds no pictures."""

    format = "daily-you"
    summary = "Daily You: the JSON export, with moods"
    suffixes = (".json",)

    def looks_right(self, start: bytes) -> bool:
        """See `DocumentImporter`."""
        return b'"timeCreated"' in start and b'"text"' in start

    def record(
        self, value: Mapping[str, Any], where: str, name: str, attachments: Attachments
    ) -> ImportedEntry | Rejected:
        """See `DocumentImporter`."""
        moment = wall_clock(text(value, "timeCreated"))
        if moment is None:
            return Rejected(where=where, reason="has no time of the calendar in 'timeCreated'")
        day, wall_time, at = moment
        title, content = headed(text(value, "text"))
        mood = number(value, "mood", 2)
        is_known = mood is not None and not mood % 1
        return ImportedEntry(
            where=where,
            ref=digest(value),
            title=title,
            content=content,
            day=day,
            wall_time=wall_time,
            at=at,
            mood=f"{JOURNAL} {mood:+g}" if is_known else None,
            mood_score=int(mood) + 3 if mood is not None and is_known else None,
            journal=JOURNAL,
        )
