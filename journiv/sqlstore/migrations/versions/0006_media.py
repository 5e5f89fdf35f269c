"""Media, uploads in pieces, and the files that are to go."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    String,
    TextClause,
    UniqueConstraint,
    false,
    text,
)

from journiv.sqlstore.types import Bytes, Count, Degrees, Flag, Id, Instant, Words, ordered

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the switch that keeps what pictures say of themselves."""
    op.add_column(
        "settings", Column("keep_media_metadata", Flag, nullable=False, server_default=false())
    )
    _media()
    op.create_table(
        "uploads",
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
    op.create_index("ix_uploads_entry", "uploads", ["user_id", "entry_id"])
    op.create_table(
        "upload_parts",
        Column("user_id", Id, primary_key=True),
        Column("upload_id", Id, primary_key=True),
        Column("start", Bytes, primary_key=True, autoincrement=False),
        Column("key", ordered(200), nullable=False),
        Column("size", Bytes, nullable=False),
        ForeignKeyConstraint(
            ["user_id", "upload_id"], ["uploads.user_id", "uploads.id"], ondelete="CASCADE"
        ),
    )
    op.create_table(
        "media_waste",
        Column("user_id", Id, primary_key=True),
        Column("key", ordered(200), primary_key=True),
    )


def _media() -> None:
    op.create_table(
        "media",
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
    newest: list[str | TextClause] = ["user_id", text("created_at DESC"), text("id DESC")]
    op.create_index("ix_media_newest", "media", newest)
    pending = text("status = 'pending'")
    op.create_index(
        "ix_media_pending",
        "media",
        ["user_id", "created_at"],
        sqlite_where=pending,
        postgresql_where=pending,
    )


def downgrade() -> None:
    """Refuse: what a later release stored would be lost."""
    raise NotImplementedError("Restore the copy that was made before the upgrade.")
