"""Imports and exports that run in the background, and what an import made."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, ForeignKeyConstraint, Index, String, Table

from journiv.sqlstore.tables.metadata import metadata
from journiv.sqlstore.types import Count, Flag, Id, Instant, Words

transfers: Final = Table(
    "transfers",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("direction", String(10), nullable=False),
    Column("format", String(50), nullable=False),
    Column("status", String(10), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("progress", Count, nullable=False),
    Column("total_items", Count, nullable=False),
    Column("processed_items", Count, nullable=False),
    Column("options", Words, nullable=False),
    Column("result", Words),
    Column("errors", Words, nullable=False),
    Column("warnings", Words, nullable=False),
    Column("source_key", String(200)),
    Column("file_key", String(200)),
    Column("file_name", String(255)),
    Column("file_size", BigInteger),
    Column("is_cancelled", Flag, nullable=False),
    Column("attempts", Count, nullable=False),
    Column("owner", String(64)),
    Column("until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Index("ix_transfers_id", "id"),
    Index("ix_transfers_status", "status", "created_at"),
)

transfer_items: Final = Table(
    "transfer_items",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("transfer_id", Id, primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("item_id", Id, primary_key=True),
    ForeignKeyConstraint(
        ["user_id", "transfer_id"], ["transfers.user_id", "transfers.id"], ondelete="CASCADE"
    ),
)
