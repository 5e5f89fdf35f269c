"""The tables, as SQLAlchemy Core.

Tables with a person's data have the primary key (user_id, id), so that a distributed PostgreSQL
can shard by person. Exempt: users, identities, sessions and access_tokens (found by their token),
audit (one chain, which outlives accounts), installation, key_values, leases, and the shared
catalogue of moods and prompts.
"""

from __future__ import annotations

from journiv.sqlstore.tables.accounts import identities, sessions, settings, users
from journiv.sqlstore.tables.installation import (
    installation,
    key_values,
    leases,
    moods,
    prompts,
    replies,
)
from journiv.sqlstore.tables.journal import entry_tags, journals, moments, revisions, tags
from journiv.sqlstore.tables.media import media, media_waste, upload_parts, uploads
from journiv.sqlstore.tables.metadata import metadata
from journiv.sqlstore.tables.rollups import (
    day_stats,
    journal_stats,
    mood_days,
    prompt_uses,
    streaks,
    tag_days,
)
from journiv.sqlstore.tables.security import access_tokens, audit
from journiv.sqlstore.tables.transfers import transfer_items, transfers

__all__ = [
    "access_tokens",
    "audit",
    "day_stats",
    "entry_tags",
    "identities",
    "installation",
    "journal_stats",
    "journals",
    "key_values",
    "leases",
    "media",
    "media_waste",
    "metadata",
    "moments",
    "mood_days",
    "moods",
    "prompt_uses",
    "prompts",
    "replies",
    "revisions",
    "sessions",
    "settings",
    "streaks",
    "tag_days",
    "tags",
    "transfer_items",
    "transfers",
    "upload_parts",
    "uploads",
    "users",
]
