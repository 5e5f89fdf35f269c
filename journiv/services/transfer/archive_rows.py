"""Checking the rows of an archive: what a stranger wrote must not become a broken diary."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from journiv.contracts.archives import (
    ArchivedJournal,
    ArchivedMoment,
    ArchivedRevision,
    ArchivedTag,
)
from journiv.domain.clock import local_day, parse_instant, parse_wall_time, zone
from journiv.domain.ids import parse_id
from journiv.domain.text import has_controls, tag_name, unstorable, word_count
from journiv.services.transfer.import_drafts import (
    MAX_CONTENT,
    MAX_JOURNAL,
    MAX_LOCATION,
    MAX_REF,
    MAX_TAG,
    MAX_TAGS,
    MAX_TITLE,
    MAX_WEATHER,
)

STATUSES: Final = ("entry", "draft", "trash", "log")
MOST_VERSIONS: Final = 2**31 - 1
_HEX: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class RowRefused(Exception):
    """Why a row cannot be stored, as the rest of a sentence."""


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field may hold."""

    what: str
    holds: Callable[[Any], bool]
    nullable: bool = False

    def or_null(self) -> _Field:
        return _Field(self.what, self.holds, nullable=True)


def _text(longest: int, shortest: int = 0) -> _Field:
    def holds(value: Any) -> bool:
        return (
            isinstance(value, str)
            and shortest <= len(value) <= longest
            and not unstorable(value)
            and not has_controls(value)
        )

    return _Field(f"text of {shortest} to {longest:,} characters", holds)


def _whole(lowest: int, highest: int) -> _Field:
    return _Field(
        f"a number from {lowest} to {highest}",
        lambda value: type(value) is int and lowest <= value <= highest,
    )


def _degrees(most: float) -> _Field:
    return _Field(
        f"degrees up to {most:g}",
        lambda value: type(value) in (int, float) and -most <= value <= most,
        nullable=True,
    )


def _one_of(*choices: str) -> _Field:
    return _Field(f"one of {', '.join(choices)}", lambda value: value in choices)


_ID: Final = _Field("an id", lambda value: isinstance(value, str) and parse_id(value) == value)
_INSTANT: Final = _Field(
    "an instant", lambda value: isinstance(value, str) and parse_instant(value) == value
)
_ZONE: Final = _Field(
    "a time zone", lambda value: isinstance(value, str) and zone(value) is not None
)
_FLAG: Final = _Field("true or false", lambda value: isinstance(value, bool))
_STAMPS: Final = {"created_at": _INSTANT, "updated_at": _INSTANT}
_TAGS: Final = _Field(
    f"at most {MAX_TAGS} tags",
    lambda value: (
        isinstance(value, dict)
        and len(value) <= MAX_TAGS
        and all(_ID.holds(key) and _INSTANT.holds(at) for key, at in value.items())
    ),
)

_TAG: Final = {"id": _ID, "name": _text(MAX_TAG, 1), **_STAMPS}
_JOURNAL: Final = {
    "id": _ID,
    "title": _text(MAX_JOURNAL, 1),
    "description": _text(1000).or_null(),
    "color": _text(7).or_null(),
    "icon": _text(50).or_null(),
    "is_favorite": _FLAG,
    "is_archived": _FLAG,
    **_STAMPS,
}
_MOMENT: Final = {
    "id": _ID,
    "status": _one_of(*STATUSES),
    "journal_id": _ID.or_null(),
    "prompt_id": _ID.or_null(),
    "at": _INSTANT,
    "zone": _ZONE,
    "mood_id": _ID.or_null(),
    "mood_at": _INSTANT.or_null(),
    "is_pinned": _FLAG,
    "is_draft": _FLAG,
    "trashed_at": _INSTANT.or_null(),
    "version": _whole(1, MOST_VERSIONS),
    "importer": _text(50).or_null(),
    "ref": _text(MAX_REF).or_null(),
    **_STAMPS,
    "location": _text(MAX_LOCATION).or_null(),
    "weather": _text(MAX_WEATHER).or_null(),
    "latitude": _degrees(90),
    "longitude": _degrees(180),
    "note": _text(500).or_null(),
    "title": _text(MAX_TITLE).or_null(),
    "content": _text(MAX_CONTENT).or_null(),
    "tags": _TAGS,
}
_REVISION: Final = {
    "entry_id": _ID,
    "number": _whole(1, MOST_VERSIONS),
    "reason": _text(20),
    "saved_at": _INSTANT,
    "title": _text(MAX_TITLE),
    "content": _text(MAX_CONTENT),
}
_SHA256: Final = _Field(
    "64 hex digits", lambda value: isinstance(value, str) and bool(_HEX.fullmatch(value))
)
_MEDIUM: Final = {
    "id": _ID,
    "entry_id": _ID,
    "file": _text(255),
    "source_sha256": _SHA256,
    "taken_at": _text(32).or_null(),
    "file_name": _text(255).or_null(),
    "alt_text": _text(500).or_null(),
    **_STAMPS,
}
_SETTINGS: Final = {
    "daily_prompt_enabled": _FLAG,
    "time_zone": _ZONE,
    "push_notifications": _FLAG,
    "reminder_time": _Field(
        "a time of day", lambda value: isinstance(value, str) and bool(parse_wall_time(value))
    ).or_null(),
    "writing_goal_daily": _whole(1, 1_000_000),
    "theme": _one_of("light", "dark", "auto"),
    "start_of_week_day": _whole(0, 6),
    "time_format": _text(10, 1),
    "keep_media_metadata": _FLAG,
    **_STAMPS,
}


def settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked preferences. Raises `RowRefused`."""
    return _checked(_SETTINGS, values)


def tag(values: Mapping[str, Any]) -> ArchivedTag:
    """Return a checked tag with its name normalised. Raises `RowRefused`."""
    found = _checked(_TAG, values)
    return ArchivedTag(
        id=found["id"],
        name=tag_name(found["name"]) or found["id"],
        created_at=found["created_at"],
        updated_at=found["updated_at"],
    )


def journal(values: Mapping[str, Any]) -> ArchivedJournal:
    """Return a checked journal. Raises `RowRefused`."""
    found: Any = _checked(_JOURNAL, values)
    made: ArchivedJournal = found
    return made


def moment(values: Mapping[str, Any]) -> ArchivedMoment:
    """Return a checked moment, its day and words counted anew. Raises `RowRefused`."""
    found: Any = _checked(_MOMENT, values)
    made: ArchivedMoment = found
    _check_status(made)
    if (made["latitude"] is None) != (made["longitude"] is None):
        raise RowRefused("has half a place")
    if (made["importer"] is None) != (made["ref"] is None):
        raise RowRefused("has half a reference")
    try:
        made["day"] = local_day(made["at"], made["zone"])
    except (OverflowError, ValueError) as error:
        raise RowRefused("lies outside the years 1 to 9998") from error
    made["word_count"] = word_count(made["content"] or "")
    return made


def revision(values: Mapping[str, Any]) -> ArchivedRevision:
    """Return a checked earlier text. Raises `RowRefused`."""
    found = _checked(_REVISION, values)
    found["word_count"] = word_count(found["content"])
    made: Any = found
    checked: ArchivedRevision = made
    return checked


def medium(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is restored of a medium, the rest being measured. Raises `RowRefused`."""
    return _checked(_MEDIUM, values)


def _checked(fields: Mapping[str, _Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known fields; later versions of the format may have more."""
    for name, field in fields.items():
        value = values.get(name)
        if not (field.nullable if value is None else field.holds(value)):
            raise RowRefused(f"has something else than {field.what} in '{name}'")
    return {name: values.get(name) for name in fields}


def _check_status(found: ArchivedMoment) -> None:
    """A moment is one of four things, and each needs its own."""
    status = found["status"]
    is_text = found["title"] is not None and found["content"] is not None
    if status == "log":
        fits = not is_text and found["mood_id"] is not None and not found["tags"]
        fits = fits and found["journal_id"] is None and not found["is_draft"]
    else:
        fits = is_text and found["journal_id"] is not None
        fits = fits and (status == "trash" or found["is_draft"] == (status == "draft"))
    if not fits or (found["trashed_at"] is not None) != (status == "trash"):
        raise RowRefused(f"is no {status}: its fields say otherwise")
    if (found["mood_at"] is None) != (found["mood_id"] is None):
        raise RowRefused("has half a mood")
