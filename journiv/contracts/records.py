"""Rows in wire form: what repositories return and the API sends.

A record is a plain dict typed here, so that a list of entries goes from the database to JSON
without a second copy. Ids, instants and days are text (`journiv.domain.ids`, `.clock`). Treat
records as read-only.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Role = Literal["admin", "user"]


class UserRecord(TypedDict):
    """An account. `security_version` rises whenever tokens already issued must die."""

    id: str
    email: str
    name: str | None
    role: Role
    is_active: bool
    profile_picture_url: str | None
    last_login_at: str | None
    time_zone: str
    security_version: int
    created_at: str
    updated_at: str


class IdentityRecord(TypedDict):
    """One way an account proves itself: (provider, subject) is unique; `data` is the provider's."""

    id: str
    user_id: str
    provider: str
    subject: str
    data: dict[str, Any]
    created_at: str
    updated_at: str


class SettingsRecord(TypedDict):
    """A person's preferences."""

    user_id: str
    daily_prompt_enabled: bool
    time_zone: str
    push_notifications: bool
    reminder_time: str | None
    writing_goal_daily: int
    theme: str
    start_of_week_day: int
    time_format: str
    keep_media_metadata: bool
    created_at: str
    updated_at: str


class SessionRecord(TypedDict):
    """A sign-in and its refresh family. Hashes are hex SHA-256; clear tokens are never stored."""

    id: str
    user_id: str
    security_version: int
    client: str
    device: str
    address: str
    mode: str
    generation: int
    refresh_hash: str
    previous_hash: str | None
    rotated_at: str
    replays: int
    authenticated_at: str
    methods: str
    created_at: str
    seen_at: str
    expires_at: str
    absolute_expires_at: str
    revoked_at: str | None
    revoked_for: str | None


class AuditRecord(TypedDict):
    """One line of the audit log: `actor` is a pseudonym, or the shell.

    `object` is an id, empty, or, when somebody else acted on an account, its pseudonym.
    """

    number: int
    at: str
    actor: str
    event: str
    object: str
    result: str
    network: str
    request_id: str
    seal: str


class AccessTokenRecord(TypedDict):
    """A personal access token; the clear token is never stored, `hint` is its public part."""

    id: str
    user_id: str
    token_hash: str
    hint: str
    name: str
    scopes: str
    created_at: str
    expires_at: str
    last_used_at: str | None


class JournalRecord(TypedDict):
    """A journal with its counters."""

    id: str
    user_id: str
    title: str
    description: str | None
    color: str | None
    icon: str | None
    is_favorite: bool
    is_archived: bool
    entry_count: int
    total_words: int
    last_entry_at: str | None
    created_at: str
    updated_at: str


class EntryRecord(TypedDict):
    """An entry: a moment that has text and a journal. `version` counts its changes from 1."""

    id: str
    journal_id: str
    user_id: str
    prompt_id: str | None
    title: str
    content: str
    entry_date: str
    entry_datetime_utc: str
    entry_timezone: str
    location: str | None
    weather: str | None
    latitude: float | None
    longitude: float | None
    word_count: int
    is_pinned: bool
    is_draft: bool
    version: int
    created_at: str
    updated_at: str


class TrashRecord(EntryRecord):
    """An entry in the trash."""

    trashed_at: str


class RevisionRecord(TypedDict):
    """An earlier text of an entry; `number` is the version it was."""

    entry_id: str
    number: int
    title: str
    content: str
    word_count: int
    reason: str
    saved_at: str


class MomentRecord(TypedDict):
    """One item of the timeline, with or without text."""

    id: str
    journal_id: str | None
    title: str | None
    excerpt: str | None
    logged_at_utc: str
    logged_date_tz: str
    logged_timezone: str
    mood_id: str | None
    note: str | None
    location: str | None
    weather: str | None
    latitude: float | None
    longitude: float | None
    is_pinned: bool
    word_count: int
    created_at: str
    updated_at: str


class IllustratedMoment(MomentRecord):
    """A moment with the address of its first picture, which opens for a while."""

    thumbnail_url: str | None


class DayRecord(TypedDict):
    """What one day holds. `mood_id` is its first mood.

    A store leaves `thumbnail_url` null: addresses are signed above it.
    """

    date: str
    entry_count: int
    total_words: int
    mood_id: str | None
    thumbnail_url: str | None


class VariantRecord(TypedDict):
    """A smaller picture of a medium: where it lies and what it is."""

    key: str
    mime: str
    width: int
    height: int


class MediaRecord(TypedDict):
    """A file that belongs to an entry, as it is stored.

    `status` is pending, completed or failed (its pictures could not be made); `kind` is image,
    video, audio or document. `sha256` and `size` are of the stored bytes, `source_sha256` of those
    that were sent. `duration` is in seconds.
    """

    user_id: str
    id: str
    entry_id: str
    status: str
    kind: str
    mime: str
    key: str
    size: int
    sha256: str
    source_sha256: str
    file_name: str | None
    alt_text: str | None
    width: int | None
    height: int | None
    duration: float | None
    taken_at: str | None
    variants: dict[str, VariantRecord]
    attempts: int
    claimed_until: str | None
    error: str | None
    created_at: str
    updated_at: str


class UploadRecord(TypedDict):
    """A file that is being sent in pieces; `received` bytes of `size` are here."""

    id: str
    entry_id: str
    file_name: str | None
    alt_text: str | None
    size: int
    received: int
    created_at: str
    updated_at: str


class TagRecord(TypedDict):
    """A person's tag."""

    id: str
    user_id: str
    name: str
    usage_count: int
    created_at: str
    updated_at: str


class TagLinkRecord(TypedDict):
    """A tag on an entry."""

    entry_id: str
    tag_id: str
    created_at: str
    updated_at: str


class MoodRecord(TypedDict):
    """A mood of the shared catalogue; `score` runs from 1 (worst) to 5 (best)."""

    id: str
    name: str
    icon: str | None
    category: str
    score: int
    created_at: str
    updated_at: str


class MoodLogRecord(TypedDict):
    """A mood noted at a moment, alone or with an entry."""

    id: str
    user_id: str
    mood_id: str
    entry_id: str | None
    note: str | None
    logged_datetime_utc: str
    logged_timezone: str
    logged_date: str
    mood: MoodRecord
    created_at: str


class PromptRecord(TypedDict):
    """A question to write about. `user_id` is null for the catalogue."""

    id: str
    text: str
    category: str | None
    difficulty_level: int
    estimated_time_minutes: int | None
    is_active: bool
    usage_count: int
    user_id: str | None
    created_at: str
    updated_at: str


class StreakRecord(TypedDict):
    """Totals and runs of days over all live entries."""

    current_streak: int
    longest_streak: int
    total_entries: int
    total_words: int
    last_entry_date: str | None
    streak_start_date: str | None


class ReplyRecord(TypedDict):
    """A kept answer to a POST that carried an `Idempotency-Key`; `request_hash` is SHA-256 hex."""

    key: str
    request_hash: str
    status: int
    body: str
    created_at: str


class TransferRecord(TypedDict):
    """An import or export in the background.

    `direction` is `import`, `export` or `undo`; `status` is `pending`, `running`, `completed`,
    `failed` or `cancelled`; `stage` says in one word what is being done. `source_key` and
    `file_key` name the uploaded and the written file in the media store. `owner` holds it `until`.
    """

    id: str
    user_id: str
    direction: str
    format: str
    status: str
    stage: str
    progress: int
    total_items: int
    processed_items: int
    options: dict[str, Any]
    result: dict[str, Any] | None
    errors: list[str]
    warnings: list[str]
    source_key: str | None
    file_key: str | None
    file_name: str | None
    file_size: int | None
    is_cancelled: bool
    attempts: int
    owner: str | None
    until: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None
