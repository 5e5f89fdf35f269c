"""The catalogue of moods."""

from __future__ import annotations

from journiv.contracts.records import MoodRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import NotFound
from journiv.domain.scope import UserScope


class MoodService:
    """Reads the shared catalogue, kept in memory while nothing in the store has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._revision: object = None
        self._moods: list[MoodRecord] = []

    async def all(self, scope: UserScope, category: str | None = None) -> list[MoodRecord]:
        """Return moods by category, then name."""
        moods = await self._catalogue(scope)
        if category is None:
            return moods
        return [mood for mood in moods if mood["category"] == category]

    async def get(self, scope: UserScope, mood_id: str) -> MoodRecord:
        """Return a mood. Raises `NotFound`."""
        for mood in await self._catalogue(scope):
            if mood["id"] == mood_id:
                return mood
        raise NotFound("Mood not found")

    async def _catalogue(self, scope: UserScope) -> list[MoodRecord]:
        revision = self._store.revision()
        if not self._moods or revision != self._revision:
            self._moods = await self._store.read(scope, _all_moods)
            self._revision = revision
        return self._moods


def _all_moods(tx: Transaction) -> list[MoodRecord]:
    return tx.moods.all()
