"""What keeps accounts safe: the audit log and personal access tokens."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, String, Table

from journiv.sqlstore.tables.metadata import metadata
from journiv.sqlstore.types import Count, Id, Instant

audit: Final = Table(
    "audit",
    metadata,
    Column("number", Count, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("event", String(40), nullable=False),
    Column("object", String(64), nullable=False),
    Column("result", String(20), nullable=False),
    Column("network", String(64), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
    Index("ix_audit_actor", "actor", "number"),
    Index("ix_audit_object", "object", "number"),
)

access_tokens: Final = Table(
    "access_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("hint", String(8), nullable=False),
    Column("name", String(100), nullable=False),
    Column("scopes", String(500), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("last_used_at", Instant),
)
