"""A diary in memory: the repositories on a bare SQLite connection, without a store around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, event, insert

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import EntrySearch, NewEntry, Page
from journiv.domain.scope import SYSTEM, UserScope
from journiv.sqlstore.search import SearchIndex
from journiv.sqlstore.tables import metadata, moods, prompts, users
from journiv.sqlstore.transaction import SqlTransaction

ANA = "00000000-0000-7000-8000-00000000000a"
BEN = "00000000-0000-7000-8000-00000000000b"
NOW = "2026-03-01T10:00:00.000000Z"


class RecordingIndex(SearchIndex):
    """Remembers which text is indexed for whom, and finds nothing."""

    version = 1

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], str] = {}

    def ready(self, connection: Connection) -> bool:
        return True

    def rebuild(self, connection: Connection) -> None:
        self.texts.clear()

    def put(self, connection: Connection, user_id: str, entry_id: str, folded: str) -> None:
        self.texts[user_id, entry_id] = folded

    def remove(self, connection: Connection, user_id: str, entry_ids: list[str]) -> None:
        for entry_id in entry_ids:
            self.texts.pop((user_id, entry_id), None)

    def remove_user(self, connection: Connection, user_id: str) -> None:
        self.texts = {key: text for key, text in self.texts.items() if key[0] != user_id}

    def find(
        self, connection: Connection, user_id: str, query: EntrySearch, page: Page
    ) -> list[EntryRecord]:
        return []

    def drift(self, connection: Connection) -> list[str]:
        return []


class Diary:
    """Two accounts, three moods, two prompts, and a transaction for each account."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.index = RecordingIndex()
        self.ana = SqlTransaction(connection, UserScope(ANA), self.index)
        self.ben = SqlTransaction(connection, UserScope(BEN), self.index)
        self.system = SqlTransaction(connection, SYSTEM, self.index)

    def journal(self, tx: SqlTransaction, journal_id: str, **fields: object) -> str:
        tx.journals.add({
            "id": journal_id, "title": "A journal", "description": None, "color": None,
            "icon": None, "is_favorite": False, "is_archived": False, "created_at": NOW,
            "updated_at": NOW, **fields,
        })  # fmt: skip
        return journal_id


def new_entry(
    entry_id: str, journal_id: str, day: str, words: int = 3, **fields: object
) -> NewEntry:
    """Return an entry at noon UTC of a day."""
    values = {
        "id": entry_id, "journal_id": journal_id, "title": "Title",
        "content": " ".join(["word"] * words), "at": f"{day}T12:00:00.000000Z", "zone": "UTC",
        "day": day, "word_count": words, "created_at": NOW, "updated_at": NOW, **fields,
    }  # fmt: skip
    return NewEntry(**values)


@contextmanager
def diary() -> Iterator[Diary]:
    """Open an empty diary with accounts, moods and prompts."""
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
    with engine.connect() as connection:
        metadata.create_all(connection)
        stamps = {"created_at": NOW, "updated_at": NOW}
        for name, user_id in (("ana", ANA), ("ben", BEN)):
            connection.execute(insert(users).values(
                id=user_id, email=f"{name}@example.com", name=name, role="user", is_active=True,
                security_version=1, **stamps,
            ))  # fmt: skip
        for name in ("Happy", "Sad"):
            connection.execute(insert(moods).values(
                id=name, name=name, category="neutral", score=3, **stamps
            ))  # fmt: skip
        for name in ("p1", "p2"):
            connection.execute(insert(prompts).values(
                id=name, text=name, difficulty_level=1, is_active=True, **stamps
            ))  # fmt: skip
        yield Diary(connection)
    engine.dispose()
