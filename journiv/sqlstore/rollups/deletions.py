"""Changes to many moments at once, set by set instead of moment by moment."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from journiv.sqlstore.rollups.tally import Tally, write
from journiv.sqlstore.tables import entry_tags, journal_stats, moments, tag_days, tags

_OF_JOURNAL: Final = (
    moments.c.user_id == bindparam("user"),
    moments.c.journal_id == bindparam("journal"),
)
_IS_ENTRY: Final = moments.c.status == "entry"
_LINKED: Final = (entry_tags.c.user_id == moments.c.user_id) & (
    entry_tags.c.entry_id == moments.c.id
)
_JOURNAL_DAYS: Final = (
    select(moments.c.day, func.count(), func.sum(moments.c.word_count))
    .where(*_OF_JOURNAL, _IS_ENTRY)
    .group_by(moments.c.day)
)
_JOURNAL_TAG_DAYS: Final = (
    select(moments.c.day, entry_tags.c.tag_id, func.count())
    .join(entry_tags, _LINKED)
    .where(*_OF_JOURNAL, _IS_ENTRY)
    .group_by(moments.c.day, entry_tags.c.tag_id)
)
_JOURNAL_TAGS: Final = (
    select(entry_tags.c.tag_id, func.count())
    .join(moments, _LINKED)
    .where(*_OF_JOURNAL, moments.c.status.in_(["entry", "draft"]))
    .group_by(entry_tags.c.tag_id)
)
_JOURNAL_MOOD_DAYS: Final = (
    select(moments.c.day, moments.c.mood_id, func.count())
    .where(*_OF_JOURNAL, _IS_ENTRY, moments.c.mood_id.is_not(None))
    .group_by(moments.c.day, moments.c.mood_id)
)
_JOURNAL_PROMPTS: Final = (
    select(moments.c.prompt_id, func.count())
    .where(*_OF_JOURNAL, _IS_ENTRY, moments.c.prompt_id.is_not(None))
    .group_by(moments.c.prompt_id)
)
_DELETE_STATS: Final = delete(journal_stats).where(
    journal_stats.c.user_id == bindparam("user"),
    journal_stats.c.journal_id == bindparam("journal"),
)

_DELETE_TAG_DAYS: Final = delete(tag_days).where(
    tag_days.c.user_id == bindparam("user"), tag_days.c.tag_id == bindparam("tag")
)
_OF_TAG: Final = (
    moments.c.user_id == bindparam("user"),
    moments.c.id.in_(
        select(entry_tags.c.entry_id).where(
            entry_tags.c.user_id == bindparam("user"), entry_tags.c.tag_id == bindparam("tag")
        )
    ),
)
# The statuses are said as what is left out, so that the links are read first and not all entries.
_FILL_TAG_DAYS: Final = insert(tag_days).from_select(
    ["user_id", "day", "tag_id", "entries"],
    select(
        moments.c.user_id,
        moments.c.day,
        bindparam("tag", type_=tag_days.c.tag_id.type),
        func.count(),
    )
    .where(*_OF_TAG, moments.c.status.not_in(["draft", "trash", "log"]))
    .group_by(moments.c.user_id, moments.c.day),
)
_COUNT_TAG: Final = (
    update(tags)
    .where(tags.c.user_id == bindparam("user"), tags.c.id == bindparam("tag"))
    .values(
        usage_count=select(func.count())
        .select_from(moments)
        .where(*_OF_TAG, moments.c.status.not_in(["trash", "log"]))
        .scalar_subquery()
    )
)


def forget_journal(connection: Connection, user_id: str, journal_id: str) -> None:
    """Take everything in a journal out of the rollups; call it before the journal is deleted."""
    keys = {"user": user_id, "journal": journal_id}
    tally = Tally()
    for day, count, words in connection.execute(_JOURNAL_DAYS, keys):
        tally.days[day] -= count
        tally.day_words[day] -= int(words)
    for day, tag_id, count in connection.execute(_JOURNAL_TAG_DAYS, keys):
        tally.tag_days[day, tag_id] -= count
    for tag_id, count in connection.execute(_JOURNAL_TAGS, keys):
        tally.tags[tag_id] -= count
    for day, mood_id, count in connection.execute(_JOURNAL_MOOD_DAYS, keys):
        tally.mood_days[day, mood_id] -= count
    for prompt_id, count in connection.execute(_JOURNAL_PROMPTS, keys):
        tally.prompts[prompt_id,] -= count
    write(connection, user_id, tally)
    connection.execute(_DELETE_STATS, keys)


def recount_tag(connection: Connection, user_id: str, tag_id: str) -> None:
    """Count one tag anew: after a merge, or (links gone, tag still there) before it is deleted."""
    keys = {"user": user_id, "tag": tag_id}
    connection.execute(_DELETE_TAG_DAYS, keys)
    connection.execute(_FILL_TAG_DAYS, keys)
    connection.execute(_COUNT_TAG, keys)
