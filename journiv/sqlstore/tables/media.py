"""Media: what belongs to entries beside text, uploads in pieces, and files that are to go.

`key` names the bytes in the media store. Two rows of one person may share it: the same file on two
entries is kept once. `media_waste` names bytes whose last row is gone; it is filled in the
transaction that deletes the row, so that a crash cannot lose sight of a file.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    UniqueConstraint,
)

from journiv.sqlstore.tables.metadata import metadata
from journiv.sqlstore.types import Bytes, Count, Degrees, Id, Instant, Words, ordered

media: Final = Table(
    "media",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("entry_id", Id, nullable=False),
    Column("status", String(10), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("key", ordered(200), nullable=False),
    Column("size", Bytes, nullable=False),
    Column("sha256", ordered(64), nullable=False),
    Column("source_sha256", ordered(64), nullable=False),
    Column("file_name", String(255)),
    Column("alt_text", String(500)),
    Column("width", Count),
    Column("height", Count),
    Column("duration", Degrees),
    Column("taken_at", String(32)),
    Column("variants", Words),
    Column("attempts", Count, nullable=False),
    Column("claimed_until", Instant),
    Column("error", String(500)),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    ForeignKeyConstraint(
        ["user_id", "entry_id"], ["moments.user_id", "moments.id"], ondelete="CASCADE"
    ),
    UniqueConstraint("user_id", "entry_id", "source_sha256"),
    Index("ix_media_source", "user_id", "source_sha256"),
    Index("ix_media_key", "user_id", "key"),
    Index("ix_media_usage", "user_id", "size"),
)

Index("ix_media_newest", media.c.user_id, media.c.created_at.desc(), media.c.id.desc())
Index(
    "ix_media_pending",
    media.c.user_id,
    media.c.created_at,
    sqlite_where=media.c.status == "pending",
    postgresql_where=media.c.status == "pending",
)

uploads: Final = Table(
    "uploads",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("entry_id", Id, nullable=False),
    Column("file_name", String(255)),
    Column("alt_text", String(500)),
    Column("size", Bytes, nullable=False),
    Column("received", Bytes, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    ForeignKeyConstraint(
        ["user_id", "entry_id"], ["moments.user_id", "moments.id"], ondelete="CASCADE"
    ),
)

Index("ix_uploads_entry", uploads.c.user_id, uploads.c.entry_id)

upload_parts: Final = Table(
    "upload_parts",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("upload_id", Id, primary_key=True),
    Column("start", Bytes, primary_key=True, autoincrement=False),
    Column("key", ordered(200), nullable=False),
    Column("size", Bytes, nullable=False),
    ForeignKeyConstraint(
        ["user_id", "upload_id"], ["uploads.user_id", "uploads.id"], ondelete="CASCADE"
    ),
)

media_waste: Final = Table(
    "media_waste",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("key", ordered(200), primary_key=True),
)
