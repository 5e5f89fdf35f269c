"""A clock that stands still, and diaries written straight into a store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import NewEntry
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import local_day
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope

NOON = "2026-03-15T12:00:00.000000Z"


class StoppedClock:
    """Shows one instant until somebody sets `at`."""

    def __init__(self, at: str = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return datetime.fromisoformat(self.at).astimezone(UTC)


async def add_journal(store: Store, scope: UserScope, title: str = "Journal") -> str:
    journal_id = new_id()
    row = {
        "id": journal_id,
        "title": title,
        "description": None,
        "color": None,
        "icon": None,
        "is_favorite": False,
        "is_archived": False,
        "created_at": NOON,
        "updated_at": NOON,
    }
    await store.write(scope, lambda tx: tx.journals.add(row))
    return journal_id


async def add_entry(
    store: Store, scope: UserScope, journal_id: str, at: str = NOON, **fields: Any
) -> EntryRecord:
    values = {
        "id": new_id(),
        "journal_id": journal_id,
        "title": "Title",
        "content": "three plain words",
        "at": at,
        "zone": "UTC",
        "day": local_day(at, "UTC"),
        "word_count": 3,
        "created_at": NOON,
        "updated_at": NOON,
        **fields,
    }
    return await store.write(scope, lambda tx: tx.entries.add(NewEntry(**values)))


async def set_zone(store: Store, scope: UserScope, zone: str) -> None:
    def work(tx: Transaction) -> None:
        tx.settings.put(
            {
                "user_id": scope.user_id,
                "daily_prompt_enabled": True,
                "time_zone": zone,
                "push_notifications": True,
                "reminder_time": None,
                "writing_goal_daily": 500,
                "theme": "light",
                "start_of_week_day": 0,
                "time_format": "24h",
                "keep_media_metadata": False,
                "created_at": NOON,
                "updated_at": NOON,
            }
        )

    await store.write(scope, work)
