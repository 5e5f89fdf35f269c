from __future__ import annotations

from typing import Any, cast

import pytest

from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store
from journiv.domain.scope import UserScope
from journiv.services.journal.search import SHORT, SearchFilter, SearchService
from tests.unit.services.diaries import add_entry, add_journal

PAGE = Page(limit=10, offset=0)


class Watched:
    """A store that remembers which reads were said to be long."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.long: list[bool] = []

    async def read(self, scope: UserScope, work: Any, *, long: bool = False) -> Any:
        self.long.append(long)
        return await self._store.read(scope, work, long=long)


@pytest.fixture
def watched(store: Store) -> Watched:
    return Watched(store)


@pytest.mark.parametrize(
    ("letters", "long"), [(100, [False]), (SHORT // 4, [False]), (SHORT // 2, [False, True])]
)
async def test_long_texts_are_folded_away_from_the_event_loop(
    store: Store, user: UserScope, watched: Watched, letters: int, long: list[bool]
) -> None:
    journal_id = await add_journal(store, user)
    for _ in range(3):
        await add_entry(store, user, journal_id, content="é" * letters + " needle")
    search = SearchService(cast("Store", watched))
    hits = await search.find(user, "needle", SearchFilter(), PAGE)
    assert len(hits) == 3
    assert all(hit["snippet"][-1] == {"text": "needle", "hit": True} for hit in hits)
    assert watched.long == long
