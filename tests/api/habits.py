"""A diary kept by habit: journals, entries, and days counted back from today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.client import ApiClient

MISSING = "00000000-0000-4000-8000-000000000000"


def day_ago(days: int) -> str:
    """Return a day in UTC."""
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


async def make_journal(person: ApiClient, title: str = "Journal") -> str:
    answer = await person.post("/journals/", {"title": title})
    assert answer.status == 201
    journal_id: str = answer.json["id"]
    return journal_id


async def write_entry(
    person: ApiClient, journal_id: str | None = None, **fields: Any
) -> dict[str, Any]:
    """Write an entry at noon UTC of `entry_date`, or now; into a new journal unless given."""
    body: dict[str, Any] = {
        "title": "A day",
        "content": "Up, and to the office.",
        "journal_id": journal_id or await make_journal(person),
        **fields,
    }
    if "entry_date" in body:
        body["entry_datetime_utc"] = f"{body.pop('entry_date')}T12:00:00Z"
    answer = await person.post("/entries/", body)
    assert answer.status == 201, answer.json
    entry: dict[str, Any] = answer.json
    return entry
