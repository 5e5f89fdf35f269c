"""Rows to store in a store's tests: each factory has usual values, changed by name."""

from __future__ import annotations

from typing import Any, Final, cast

from journiv.contracts.archives import (
    ArchivedJournal,
    ArchivedMoment,
    ArchivedRevision,
)
from journiv.contracts.records import (
    AccessTokenRecord,
    AuditRecord,
    EntryRecord,
    IdentityRecord,
    MediaRecord,
    MoodRecord,
    PromptRecord,
    ReplyRecord,
    SessionRecord,
    SettingsRecord,
    UploadRecord,
    UserRecord,
    VariantRecord,
)
from journiv.contracts.repositories.entries import NewEntry, Page
from journiv.contracts.repositories.mood_logs import NewMoodLog
from journiv.contracts.repositories.transfers import NewTransfer
from journiv.domain.ids import new_id

AT: Final = "2026-03-01T12:00:00.000000Z"
LATER: Final = "2026-03-01T13:00:00.000000Z"
LONG_AGO: Final = "1999-12-31T23:59:59.999999Z"
FAR: Final = "2099-01-01T00:00:00.000000Z"
DAY: Final = "2026-03-01"
FIRST_DAY, LAST_DAY = "2000-01-01", "2099-12-31"
ALL: Final = Page(limit=1000)
CALM: Final = MoodRecord(
    id="01890a5d-ac96-774b-bcce-000000000001", name="calm", icon=None, category="good", score=4,
    created_at=AT, updated_at=AT,
)  # fmt: skip
SAD: Final[MoodRecord] = {**CALM, "id": "01890a5d-ac96-774b-bcce-000000000002", "name": "sad"}
PROMPT: Final = PromptRecord(
    id="01890a5d-ac96-774b-bcce-000000000003", text="What was for dinner?", category="day",
    difficulty_level=1, estimated_time_minutes=5, is_active=True, usage_count=0, user_id=None,
    created_at=AT, updated_at=AT,
)  # fmt: skip


def account(user_id: str, **changes: Any) -> UserRecord:
    """Return an account."""
    usual: dict[str, Any] = {
        "id": user_id, "email": f"{user_id}@example.org", "name": "Sam", "role": "user",
        "is_active": True, "profile_picture_url": None, "last_login_at": None, "time_zone": "UTC",
        "security_version": 1, "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return cast("UserRecord", {**usual, **changes})


def preferences(user_id: str, **changes: Any) -> SettingsRecord:
    """Return preferences."""
    usual: dict[str, Any] = {
        "user_id": user_id, "daily_prompt_enabled": True, "time_zone": "Europe/London",
        "push_notifications": False, "reminder_time": None, "writing_goal_daily": 250,
        "theme": "light", "keep_media_metadata": False, "start_of_week_day": 1,
        "time_format": "24h", "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return cast("SettingsRecord", {**usual, **changes})


def journal(journal_id: str, **changes: Any) -> dict[str, Any]:
    """Return what `Journals.add` takes."""
    usual: dict[str, Any] = {
        "id": journal_id, "title": "Diary", "description": None, "color": "#112233", "icon": None,
        "is_favorite": True, "is_archived": False, "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return {**usual, **changes}


def entry(
    entry_id: str, journal_id: str, content: str = "To the office.", **changes: Any
) -> NewEntry:
    """Return a new entry."""
    usual: dict[str, Any] = {
        "title": "Up betimes", "at": AT, "zone": "UTC", "day": DAY,
        "word_count": len(content.split()), "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return NewEntry(id=entry_id, journal_id=journal_id, content=content, **{**usual, **changes})


def mood_log(log_id: str, **changes: Any) -> NewMoodLog:
    """Return a mood at a moment of its own."""
    usual: dict[str, Any] = {
        "mood_id": CALM["id"], "note": "by the sea", "at": LATER, "zone": "UTC", "day": DAY,
        "created_at": AT,
    }  # fmt: skip
    return NewMoodLog(id=log_id, **{**usual, **changes})


def reply(key: str, **changes: Any) -> ReplyRecord:
    """Return an answer to keep."""
    usual: dict[str, Any] = {
        "request_hash": "a" * 64, "status": 201, "body": '{"id": 1}', "created_at": AT,
    }  # fmt: skip
    return cast("ReplyRecord", {"key": key, **usual, **changes})


def earlier(entry_id: str, user_id: str, **changes: Any) -> EntryRecord:
    """Return an entry as it was once read."""
    usual: dict[str, Any] = {
        "id": entry_id, "journal_id": new_id(), "user_id": user_id, "prompt_id": None,
        "title": "Up", "content": "To bed.", "entry_date": DAY, "entry_datetime_utc": AT,
        "entry_timezone": "UTC", "location": None, "weather": None, "latitude": None,
        "longitude": None, "word_count": 2, "is_pinned": False, "is_draft": False, "version": 7,
        "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return cast("EntryRecord", {**usual, **changes})


def identity(user_id: str, subject: str, **changes: Any) -> IdentityRecord:
    """Return a way to sign in."""
    usual: dict[str, Any] = {
        "id": new_id(), "user_id": user_id, "provider": "kit", "subject": subject,
        "data": {"hash": "x"}, "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return cast("IdentityRecord", {**usual, **changes})


def session(session_id: str, user_id: str, **changes: Any) -> SessionRecord:
    """Return a sign-in."""
    usual: dict[str, Any] = {
        "id": session_id, "user_id": user_id, "security_version": 1, "client": "api",
        "device": "curl", "address": "", "mode": "strict", "generation": 0,
        "refresh_hash": "a" * 64, "previous_hash": None, "rotated_at": AT, "replays": 0,
        "authenticated_at": AT, "methods": "pwd", "created_at": AT, "seen_at": AT,
        "expires_at": FAR, "absolute_expires_at": FAR, "revoked_at": None, "revoked_for": None,
    }  # fmt: skip
    return cast("SessionRecord", {**usual, **changes})


def access_token(token_id: str, user_id: str, **changes: Any) -> AccessTokenRecord:
    """Return a personal access token."""
    usual: dict[str, Any] = {
        "id": token_id, "user_id": user_id, "token_hash": (token_id * 2).replace("-", "")[:64],
        "hint": "jpat_ab", "name": "script", "scopes": "entries:read", "created_at": AT,
        "expires_at": FAR, "last_used_at": None,
    }  # fmt: skip
    return cast("AccessTokenRecord", {**usual, **changes})


def audit_row(number: int, **changes: Any) -> AuditRecord:
    """Return a line of the audit log."""
    usual: dict[str, Any] = {
        "number": number, "at": AT, "actor": "p_0123456789abcdef", "event": "auth.login",
        "object": "", "result": "success", "network": "", "request_id": "", "seal": "s" * 64,
    }  # fmt: skip
    return cast("AuditRecord", {**usual, **changes})


def transfer(transfer_id: str, direction: str, created_at: str) -> NewTransfer:
    """Return a transfer that waits."""
    return NewTransfer(
        id=transfer_id,
        direction=direction,
        format="kit",
        options={"zone": "Europe/London", "ids": [1, None, "é"]},
        created_at=created_at,
        source_key="transfers/kit/source",
    )


def medium(medium_id: str, user_id: str, entry_id: str, **changes: Any) -> MediaRecord:
    """Return a picture on an entry."""
    small = VariantRecord(key=f"kit/{medium_id}.webp", mime="image/webp", width=8, height=6)
    usual: dict[str, Any] = {
        "user_id": user_id, "id": medium_id, "entry_id": entry_id, "status": "pending",
        "kind": "image", "mime": "image/jpeg", "key": f"kit/{medium_id}", "size": 1000,
        "sha256": hash_of(medium_id), "source_sha256": hash_of(medium_id),
        "file_name": "é.jpg", "alt_text": None, "width": 80, "height": 60, "duration": None,
        "taken_at": None, "variants": {"thumb": small}, "attempts": 0, "claimed_until": None,
        "error": None, "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return cast("MediaRecord", {**usual, **changes})


def upload(upload_id: str, entry_id: str, **changes: Any) -> UploadRecord:
    """Return an upload that begins."""
    usual: dict[str, Any] = {
        "id": upload_id, "entry_id": entry_id, "file_name": "film.mp4", "alt_text": None,
        "size": 100, "received": 0, "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return cast("UploadRecord", {**usual, **changes})


def hash_of(some_id: str) -> str:
    """Return 64 hexadecimal digits that belong to an id."""
    return (some_id.replace("-", "") * 2)[:64]


def archived_moment(moment_id: str, journal_id: str) -> ArchivedMoment:
    """Return an entry as an archive has it."""
    return ArchivedMoment(
        id=moment_id, status="entry", journal_id=journal_id, prompt_id=None, at=AT,
        zone="Europe/London", day=DAY, mood_id=CALM["id"], mood_at=AT, is_pinned=True,
        is_draft=False, trashed_at=None, version=3, word_count=2, importer=None, ref=None,
        created_at=AT, updated_at=LATER, location="Deptford", weather=None, latitude=1.5,
        longitude=-2.25, note="x", title="Restored", content="from paper", tags={},
    )  # fmt: skip


def archived_journal(journal_id: str) -> ArchivedJournal:
    """Return a journal as an archive has it."""
    return ArchivedJournal(
        id=journal_id, title="Restored", description=None, color="#EF4444", icon="x",
        is_favorite=True, is_archived=False, created_at=AT, updated_at=LATER,
    )  # fmt: skip


def archived_revision(entry_id: str) -> ArchivedRevision:
    """Return an earlier text as an archive has it."""
    return ArchivedRevision(
        entry_id=entry_id, number=9, word_count=1, reason="edit", saved_at=AT, title="x",
        content="earlier",
    )  # fmt: skip
