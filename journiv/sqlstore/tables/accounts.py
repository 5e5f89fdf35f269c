"""Accounts, how they sign in, and their sessions."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint, false

from journiv.sqlstore.tables.metadata import metadata
from journiv.sqlstore.types import Count, Flag, Id, Instant, Words

users: Final = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", String(320), nullable=False, unique=True),
    Column("name", String(100)),
    Column("role", String(10), nullable=False),
    Column("is_active", Flag, nullable=False),
    Column("profile_picture_url", String(2083)),
    Column("last_login_at", Instant),
    Column("security_version", Count, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_users_created_at", "created_at"),
)

identities: Final = Table(
    "identities",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("provider", String(50), nullable=False),
    Column("subject", String(512), nullable=False),
    Column("data", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("provider", "subject"),
)

settings: Final = Table(
    "settings",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("daily_prompt_enabled", Flag, nullable=False),
    Column("time_zone", String(50), nullable=False),
    Column("push_notifications", Flag, nullable=False),
    Column("reminder_time", String(5)),
    Column("writing_goal_daily", Count, nullable=False),
    Column("theme", String(10), nullable=False),
    Column("start_of_week_day", Count, nullable=False),
    Column("time_format", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("keep_media_metadata", Flag, nullable=False, server_default=false()),
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("security_version", Count, nullable=False),
    Column("client", String(20), nullable=False),
    Column("device", String(100), nullable=False),
    Column("address", String(64), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("generation", Count, nullable=False),
    Column("refresh_hash", String(64), nullable=False),
    Column("previous_hash", String(64)),
    Column("rotated_at", Instant, nullable=False),
    Column("replays", Count, nullable=False),
    Column("authenticated_at", Instant, nullable=False),
    Column("methods", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("absolute_expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_for", String(40)),
)
