"""The diary: journals, moments, their tags and earlier texts.

One row of `moments` is one moment on the timeline. `status` says what it is: `entry` (text in a
journal), `draft`, `trash` (an entry or draft thrown away), `log` (a mood without text).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    UniqueConstraint,
)

from journiv.sqlstore.tables.metadata import metadata
from journiv.sqlstore.types import Count, Day, Degrees, Flag, Id, Instant, Words, ordered

journals: Final = Table(
    "journals",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("description", String(1000)),
    Column("color", String(7)),
    Column("icon", String(50)),
    Column("is_favorite", Flag, nullable=False),
    Column("is_archived", Flag, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

moments: Final = Table(
    "moments",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("status", String(5), nullable=False),
    Column("journal_id", Id),
    Column("prompt_id", Id),
    Column("at", Instant, nullable=False),
    Column("zone", String(50), nullable=False),
    Column("day", Day, nullable=False),
    Column("mood_id", Id),
    Column("mood_at", Instant),
    Column("is_pinned", Flag, nullable=False),
    Column("is_draft", Flag, nullable=False),
    Column("trashed_at", Instant),
    Column("version", Count, nullable=False),
    Column("word_count", Count, nullable=False),
    Column("importer", String(50)),
    Column("ref", String(255)),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("location", String(200)),
    Column("weather", String(100)),
    Column("latitude", Degrees),
    Column("longitude", Degrees),
    Column("note", String(500)),
    Column("title", String(300)),
    Column("content", Words),
    ForeignKeyConstraint(
        ["user_id", "journal_id"], ["journals.user_id", "journals.id"], ondelete="CASCADE"
    ),
    UniqueConstraint("user_id", "importer", "ref"),
)

Index(
    "ix_moments_status",
    moments.c.user_id,
    moments.c.status,
    moments.c.at.desc(),
    moments.c.id.desc(),
)
Index("ix_moments_time", moments.c.user_id, moments.c.at.desc(), moments.c.id.desc())
Index("ix_moments_day", moments.c.user_id, moments.c.status, moments.c.day)
Index(
    "ix_moments_journal",
    moments.c.user_id,
    moments.c.journal_id,
    moments.c.status,
    moments.c.is_pinned.desc(),
    moments.c.at.desc(),
    moments.c.id.desc(),
)
Index(
    "ix_moments_mood",
    moments.c.user_id,
    moments.c.at.desc(),
    moments.c.id.desc(),
    sqlite_where=moments.c.mood_id.is_not(None),
    postgresql_where=moments.c.mood_id.is_not(None),
)

revisions: Final = Table(
    "revisions",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("entry_id", Id, primary_key=True),
    Column("number", Count, primary_key=True, autoincrement=False),
    Column("word_count", Count, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("title", String(300), nullable=False),
    Column("content", Words, nullable=False),
    ForeignKeyConstraint(
        ["user_id", "entry_id"], ["moments.user_id", "moments.id"], ondelete="CASCADE"
    ),
)

tags: Final = Table(
    "tags",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("name", ordered(100), nullable=False),
    Column("usage_count", Count, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("user_id", "name"),
    Index("ix_tags_usage", "user_id", "usage_count", "name"),
)

entry_tags: Final = Table(
    "entry_tags",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("entry_id", Id, primary_key=True),
    Column("tag_id", Id, primary_key=True),
    Column("created_at", Instant, nullable=False),
    ForeignKeyConstraint(
        ["user_id", "entry_id"], ["moments.user_id", "moments.id"], ondelete="CASCADE"
    ),
    ForeignKeyConstraint(["user_id", "tag_id"], ["tags.user_id", "tags.id"], ondelete="CASCADE"),
    Index("ix_entry_tags_tag", "user_id", "tag_id", "entry_id"),
)
