"""The layout of Journiv 1.0, so that people may go back: `data.json` and `media/` in a ZIP.

See docs/formats/journiv-1.0.md.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final

import orjson

from journiv import __version__
from journiv.builtin.exports.zipped import ZipWriter, safe_part
from journiv.contracts.archives import Account, AccountExporter

Values = Mapping[str, Any]
LAYOUT: Final = "1.0"
_CLOSING: Final = b"]}"


class JournivLayoutExporter(AccountExporter):
    """Writes what servers of the 1.0 layout import."""

    format = "journiv-backup"
    summary = "Journals, entries, moods, tags and pictures in the layout of Journiv 1.0"
    suffix = ".zip"
    media_type = "application/zip"

    def write_account(self, account: Account, target: IO[bytes]) -> None:
        """See `AccountExporter`. Entries wait on the disk, since each stands in its journal."""
        settings = next(account.rows("settings"), None)
        tags = {tag["id"]: tag["name"] for tag in account.rows("tags")}
        journals = list(account.rows("journals"))
        with tempfile.TemporaryFile() as spool, ZipWriter(target) as archive:
            entries = _Spooled(spool)
            for moment in account.rows("moments"):
                if moment["status"] == "entry":
                    entries.add(moment)
            media: dict[str, list[Values]] = {}
            for medium in account.rows("media"):
                media.setdefault(medium["entry_id"], []).append(medium)
            document = _Document(account, tags, media)
            archive.pieces("data.json", document.pieces(settings, journals, entries))
            for medium in (one for entry_id in document.written for one in media.get(entry_id, ())):
                archive.bytes(f"media/{_path(medium)}", account.bytes_of(medium["file"]))


class _Spooled:
    """Moments on the disk, by journal, in the order of their instants."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places: dict[str, list[tuple[str, int, int]]] = {}

    def add(self, moment: Values) -> None:
        line = orjson.dumps(moment)
        places = self._places.setdefault(moment["journal_id"], [])
        places.append((moment["at"], self._file.tell(), len(line)))
        self._file.write(line)

    def of(self, journal_id: str) -> Iterator[Values]:
        for _, start, length in sorted(self._places.get(journal_id, ())):
            self._file.seek(start)
            yield orjson.loads(self._file.read(length))

    def last(self, journal_id: str) -> str | None:
        return max((at for at, _, _ in self._places.get(journal_id, ())), default=None)

    def count(self, journal_id: str) -> int:
        return len(self._places.get(journal_id, ()))


@dataclass(slots=True)
class _Document:
    """`data.json` as it is written; `written` has the ids of its entries."""

    account: Account
    tags: Mapping[str, str]
    media: Mapping[str, list[Values]]
    written: list[str] = field(default_factory=list)

    def pieces(
        self, settings: Values | None, journals: list[Values], entries: _Spooled
    ) -> Iterator[bytes]:
        about = self.account.about
        head = {
            "export_version": LAYOUT,
            "export_date": about["created_at"],
            "app_version": __version__,
            "user_email": about.get("email", ""),
            "user_name": about.get("name"),
            "user_settings": settings and _settings(settings),
            "mood_definitions": [_mood(mood) for mood in self.account.moods.values()],
        }
        yield orjson.dumps(head)[:-1] + b',"journals":['
        for number, journal in enumerate(journals):
            yield b"," if number else b""
            yield from self._journal(journal, entries)
        media = [one for entry_id in self.written for one in self.media.get(entry_id, ())]
        stats = {
            "journal_count": len(journals),
            "entry_count": len(self.written),
            "media_count": len(media),
            "export_size_estimate": sum(one["size"] for one in media),
        }
        yield b'],"stats":' + orjson.dumps(stats) + b"}"

    def _journal(self, journal: Values, entries: _Spooled) -> Iterator[bytes]:
        names = ("title", "description", "color", "icon", "is_favorite", "is_archived")
        head = {
            **{name: journal[name] for name in (*names, "created_at", "updated_at")},
            "entry_count": entries.count(journal["id"]),
            "last_entry_at": entries.last(journal["id"]),
            "external_id": journal["id"],
        }
        yield orjson.dumps(head)[:-1] + b',"entries":['
        for number, moment in enumerate(entries.of(journal["id"])):
            self.written.append(moment["id"])
            yield (b"," if number else b"") + orjson.dumps(self._entry(moment))
        yield _CLOSING

    def _entry(self, moment: Values) -> dict[str, Any]:
        names = ("title", "content", "word_count", "is_pinned", "location", "weather")
        places = ("latitude", "longitude", "created_at", "updated_at")
        return {
            **{name: moment[name] for name in (*names, *places)},
            "entry_date": moment["day"],
            "entry_datetime_utc": moment["at"],
            "entry_timezone": moment["zone"],
            "temperature": None,
            "tags": sorted(self.tags[one] for one in moment["tags"] if one in self.tags),
            "mood_log": self._mood_log(moment),
            "media": [_medium(one) for one in self.media.get(moment["id"], ())],
            "prompt_text": None,
            "external_id": moment["id"],
        }

    def _mood_log(self, moment: Values) -> dict[str, Any] | None:
        mood = self.account.moods.get(moment["mood_id"] or "")
        if mood is None:
            return None
        return {
            "mood_name": mood["name"],
            "note": moment["note"],
            "logged_date": moment["day"],
            "logged_datetime_utc": moment["at"],
            "logged_timezone": moment["zone"],
            "created_at": moment["mood_at"],
            "updated_at": moment["mood_at"],
            "mood_score": None,
        }


def _settings(settings: Values) -> dict[str, Any]:
    names = ("theme", "time_zone", "daily_prompt_enabled", "push_notifications", "reminder_time")
    return {
        **{name: settings[name] for name in (*names, "writing_goal_daily", "time_format")},
        "date_format": "YYYY-MM-DD",
        "first_day_of_week": settings["start_of_week_day"],
    }


def _mood(mood: Values) -> dict[str, Any]:
    icon = mood["icon"]
    named = {"name": mood["name"], "category": mood["category"], "icon": icon, "emoji": icon}
    return {**named, "score": None, "color": None}


def _medium(medium: Values) -> dict[str, Any]:
    names = ("mime_type", "checksum", "file_size", "media_type")
    kept = ("width", "height", "alt_text", "created_at", "updated_at")
    values = (medium["mime"], medium["sha256"], medium["size"], medium["kind"])
    return {
        **dict(zip(names, values, strict=True)),
        **{name: medium[name] for name in kept},
        "filename": medium["file_name"] or _path(medium).rpartition("/")[2],
        "file_path": _path(medium),
        "duration": None if medium["duration"] is None else round(medium["duration"]),
        "file_metadata": None,
        "thumbnail_path": None,
        "upload_status": "completed",
        "caption": medium["alt_text"],
        "external_id": medium["id"],
    }


def _path(medium: Values) -> str:
    """Return where the bytes lie below `media/`; the ending is that of what they are."""
    suffix = "." + medium["file"].rpartition(".")[2]
    stem = safe_part((medium["file_name"] or "").rpartition(".")[0], "file").replace(" ", "_")
    return f"{medium['entry_id']}/{medium['id']}_{stem}{suffix}"
