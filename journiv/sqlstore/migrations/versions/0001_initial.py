"""The first schema."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)

from journiv.sqlstore.types import Count, Day, Degrees, Flag, Id, Instant, Words, ordered

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _create_users()
    _create_identities()
    _create_settings()
    _create_sessions()
    _create_installation()
    _create_key_values()
    _create_leases()
    _create_replies()
    _create_moods()
    _create_prompts()
    _create_journals()
    _create_moments()
    _create_revisions()
    _create_tags()
    _create_entry_tags()
    _create_journal_stats()
    _create_day_stats()
    _create_tag_days()
    _create_mood_days()
    _create_prompt_uses()
    _create_streaks()


def downgrade() -> None:
    """Refuse: what a later release stored would be lost."""
    raise NotImplementedError("Restore the copy that was made before the upgrade.")


def _owner() -> Column[str]:
    return Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)


def _create_users() -> None:
    op.create_table(
        "users",
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


def _create_identities() -> None:
    op.create_table(
        "identities",
        Column("id", Id, primary_key=True),
        Column(
            "user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        Column("provider", String(50), nullable=False),
        Column("subject", String(512), nullable=False),
        Column("data", Words, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("updated_at", Instant, nullable=False),
        UniqueConstraint("provider", "subject"),
    )


def _create_settings() -> None:
    op.create_table(
        "settings",
        _owner(),
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
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        Column("id", Id, primary_key=True),
        Column(
            "user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True
        ),
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


def _create_installation() -> None:
    op.create_table(
        "installation",
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


def _create_key_values() -> None:
    op.create_table(
        "key_values",
        Column("namespace", String(64), primary_key=True),
        Column("key", ordered(255), primary_key=True),
        Column("value", Words, nullable=False),
        Column("expires_at", Instant),
    )


def _create_leases() -> None:
    op.create_table(
        "leases",
        Column("name", String(100), primary_key=True),
        Column("owner", String(64)),
        Column("until", Instant),
        Column("last_run_at", Instant),
    )


def _create_replies() -> None:
    op.create_table(
        "replies",
        _owner(),
        Column("key", String(255), primary_key=True),
        Column("request_hash", String(64), nullable=False),
        Column("status", Count, nullable=False),
        Column("body", Words, nullable=False),
        Column("created_at", Instant, nullable=False, index=True),
    )


def _create_moods() -> None:
    op.create_table(
        "moods",
        Column("id", Id, primary_key=True),
        Column("name", ordered(100), nullable=False, unique=True),
        Column("icon", String(50)),
        Column("category", ordered(10), nullable=False),
        Column("score", Count, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("updated_at", Instant, nullable=False),
    )


def _create_prompts() -> None:
    op.create_table(
        "prompts",
        Column("id", Id, primary_key=True),
        Column("text", String(1000), nullable=False),
        Column("category", String(50)),
        Column("difficulty_level", Count, nullable=False),
        Column("estimated_time_minutes", Count),
        Column("is_active", Flag, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("updated_at", Instant, nullable=False),
    )


def _create_journals() -> None:
    op.create_table(
        "journals",
        _owner(),
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


def _create_moments() -> None:
    op.create_table(
        "moments",
        _owner(),
        Column("id", Id, primary_key=True),
        *_moment_columns(),
        ForeignKeyConstraint(
            ["user_id", "journal_id"], ["journals.user_id", "journals.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("user_id", "importer", "ref"),
    )
    newest_first = [text("at DESC"), text("id DESC")]
    op.create_index("ix_moments_status", "moments", ["user_id", "status", *newest_first])
    op.create_index("ix_moments_time", "moments", ["user_id", *newest_first])
    op.create_index("ix_moments_day", "moments", ["user_id", "status", "day"])
    op.create_index(
        "ix_moments_journal",
        "moments",
        ["user_id", "journal_id", "status", text("is_pinned DESC"), *newest_first],
    )
    op.create_index(
        "ix_moments_mood",
        "moments",
        ["user_id", *newest_first],
        sqlite_where=text("mood_id IS NOT NULL"),
        postgresql_where=text("mood_id IS NOT NULL"),
    )


def _moment_columns() -> list[Column[Any]]:
    return [
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
    ]


def _create_revisions() -> None:
    op.create_table(
        "revisions",
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


def _create_tags() -> None:
    op.create_table(
        "tags",
        _owner(),
        Column("id", Id, primary_key=True),
        Column("name", ordered(100), nullable=False),
        Column("usage_count", Count, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("updated_at", Instant, nullable=False),
        UniqueConstraint("user_id", "name"),
        Index("ix_tags_usage", "user_id", "usage_count", "name"),
    )


def _create_entry_tags() -> None:
    op.create_table(
        "entry_tags",
        Column("user_id", Id, primary_key=True),
        Column("entry_id", Id, primary_key=True),
        Column("tag_id", Id, primary_key=True),
        Column("created_at", Instant, nullable=False),
        ForeignKeyConstraint(
            ["user_id", "entry_id"], ["moments.user_id", "moments.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["user_id", "tag_id"], ["tags.user_id", "tags.id"], ondelete="CASCADE"
        ),
        Index("ix_entry_tags_tag", "user_id", "tag_id", "entry_id"),
    )


def _create_journal_stats() -> None:
    op.create_table(
        "journal_stats",
        _owner(),
        Column("journal_id", Id, primary_key=True),
        Column("entry_count", Count, nullable=False),
        Column("total_words", Count, nullable=False),
        Column("last_entry_at", Instant),
    )


def _create_day_stats() -> None:
    op.create_table(
        "day_stats",
        _owner(),
        Column("day", Day, primary_key=True),
        Column("entries", Count, nullable=False),
        Column("words", Count, nullable=False),
    )


def _create_tag_days() -> None:
    op.create_table(
        "tag_days",
        _owner(),
        Column("day", Day, primary_key=True),
        Column("tag_id", Id, primary_key=True),
        Column("entries", Count, nullable=False),
    )


def _create_mood_days() -> None:
    op.create_table(
        "mood_days",
        _owner(),
        Column("day", Day, primary_key=True),
        Column("mood_id", Id, primary_key=True),
        Column("logs", Count, nullable=False),
    )


def _create_prompt_uses() -> None:
    op.create_table(
        "prompt_uses",
        _owner(),
        Column("prompt_id", Id, primary_key=True),
        Column("uses", Count, nullable=False),
    )


def _create_streaks() -> None:
    op.create_table(
        "streaks",
        _owner(),
        Column("current_streak", Count, nullable=False),
        Column("longest_streak", Count, nullable=False),
        Column("total_entries", Count, nullable=False),
        Column("total_words", Count, nullable=False),
        Column("last_entry_date", Day),
        Column("streak_start_date", Day),
    )
