"""What belongs to the installation and to plugins, not to a person's diary."""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table

from journiv.sqlstore.tables.metadata import metadata
from journiv.sqlstore.types import Count, Flag, Id, Instant, Words, ordered

installation: Final = Table(
    "installation",
    metadata,
    Column("id", Count, primary_key=True, autoincrement=False),
    Column("installation_id", Id),
    Column("created_at", Instant),
    Column("first_admin_id", Id),
    Column("catalogue_version", Count, nullable=False),
    Column("schema_compat", Count, nullable=False),
    Column("opened_by", String(20), nullable=False),
    Column("flags", Words, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

key_values: Final = Table(
    "key_values",
    metadata,
    Column("namespace", String(64), primary_key=True),
    Column("key", ordered(255), primary_key=True),
    Column("value", Words, nullable=False),
    Column("expires_at", Instant),
)

leases: Final = Table(
    "leases",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("owner", String(64)),
    Column("until", Instant),
    Column("last_run_at", Instant),
)

replies: Final = Table(
    "replies",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Count, nullable=False),
    Column("body", Words, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
)

moods: Final = Table(
    "moods",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", ordered(100), nullable=False, unique=True),
    Column("icon", String(50)),
    Column("category", ordered(10), nullable=False),
    Column("score", Count, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

prompts: Final = Table(
    "prompts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("text", String(1000), nullable=False),
    Column("category", String(50)),
    Column("difficulty_level", Count, nullable=False),
    Column("estimated_time_minutes", Count),
    Column("is_active", Flag, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
