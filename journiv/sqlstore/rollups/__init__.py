"""Sums kept beside the diary, in the transaction that changes it.

Whoever changes a moment, its mood or its tags takes a `snapshot` before, writes, takes another
after, and calls `apply` with the two. Nothing else writes `journal_stats`, `day_stats`, `tag_days`,
`mood_days`, `prompt_uses`, `streaks` and `tags.usage_count`.

What counts: entries, words, days, tags per day, prompts and the streak count status `entry`;
`tags.usage_count` counts links of `entry` and `draft`; `mood_days` counts moments with a mood and
status `entry` or `log`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from journiv.sqlstore.rollups.deletions import forget_journal, recount_tag
from journiv.sqlstore.rollups.recount import drift, rebuild
from journiv.sqlstore.rollups.snapshots import Snapshot, snapshot
from journiv.sqlstore.rollups.tally import Tally, write

__all__ = [
    "Snapshot", "add_all", "apply", "drift", "forget_journal", "rebuild", "recount_tag", "snapshot",
]  # fmt: skip


def apply(
    connection: Connection, user_id: str, before: Snapshot | None, after: Snapshot | None
) -> None:
    """Bring every rollup from `before` to `after`; None means that there is no such moment.

    The moment itself must be written already: `last_entry_at` may be looked up.
    """
    if before == after:
        return
    tally = Tally()
    if before is not None:
        tally.take(before)
    if after is not None:
        tally.add(after)
    write(connection, user_id, tally)


def add_all(connection: Connection, user_id: str, added: Iterable[Snapshot]) -> None:
    """Count many new moments in at once. They must be written already."""
    tally = Tally()
    for moment in added:
        tally.add(moment)
    write(connection, user_id, tally)
