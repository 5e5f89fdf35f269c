"""What the rollups need to know of one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from journiv.sqlstore.tables import entry_tags, moments

_MOMENT: Final = select(
    moments.c.status,
    moments.c.journal_id,
    moments.c.day,
    moments.c.at,
    moments.c.word_count,
    moments.c.mood_id,
    moments.c.prompt_id,
).where(moments.c.user_id == bindparam("user"), moments.c.id == bindparam("moment"))
_TAGS: Final = select(entry_tags.c.tag_id).where(
    entry_tags.c.user_id == bindparam("user"), entry_tags.c.entry_id == bindparam("moment")
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment as the rollups see it."""

    status: str
    journal_id: str | None
    day: str
    at: str
    words: int
    mood_id: str | None = None
    prompt_id: str | None = None
    tag_ids: frozenset[str] = frozenset()

    @property
    def is_entry(self) -> bool:
        """Say whether this is an entry that lists show: no draft, not in the trash, not a log."""
        return self.status == "entry"


def snapshot(connection: Connection, user_id: str, moment_id: str) -> Snapshot | None:
    """Return how a moment stands now, or None when the person has none of that id."""
    keys = {"user": user_id, "moment": moment_id}
    row = connection.execute(_MOMENT, keys).fetchone()
    if row is None:
        return None
    tags = connection.execute(_TAGS, keys).scalars()
    return Snapshot(*row, tag_ids=frozenset(tags))
