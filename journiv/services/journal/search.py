"""Finding entries again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import EntrySearch, Page
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Invalid, Violation
from journiv.domain.scope import UserScope
from journiv.domain.search_text import Piece, parse_query, snippet
from journiv.domain.text import tag_name


class Hit(EntryRecord):
    """An entry that was found, with the piece of text that shows why."""

    snippet: list[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """What narrows a search; None means any. `tag` is a name; days are inclusive."""

    journal_id: str | None = None
    tag: str | None = None
    mood_id: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    pinned: bool | None = None
    has_media: bool | None = None


SMALL: Final = 20_000
"""Up to how many entries a search is short work: all trigrams of all of them take milliseconds."""
SHORT: Final = 400_000
"""Up to how many characters the texts found are folded there: that takes milliseconds too."""


class SearchService:
    """Searches title and text without regard to case, accents and kinds of quotes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(
        self, scope: UserScope, text: str, narrowed: SearchFilter, page: Page
    ) -> list[Hit]:
        """Return the entries that hold every word (a quoted phrase is one), newest first.

        Raises `Invalid` for a text without any letter to look for.
        """
        needles = parse_query(text)
        if not needles:
            msg = "There is nothing in this to look for."
            raise Invalid([Violation(("query", "q"), "string_too_short", msg)])
        query = EntrySearch(
            needles=needles,
            journal_id=narrowed.journal_id,
            tag=None if narrowed.tag is None else tag_name(narrowed.tag),
            mood_id=narrowed.mood_id,
            start_date=narrowed.start_date,
            end_date=narrowed.end_date,
            pinned=narrowed.pinned,
            has_media=narrowed.has_media,
        )

        # Snippets are cut where the search runs: folding a long text takes a while.
        def work(tx: Transaction) -> list[Hit]:
            return [_hit(entry, needles) for entry in tx.entries.search(query, page)]

        def short_work(tx: Transaction) -> list[Hit] | None:
            if tx.insights.streak()["total_entries"] > SMALL:
                return None
            found = tx.entries.search(query, page)
            if sum(len(entry["content"]) for entry in found) > SHORT:
                return None
            return [_hit(entry, needles) for entry in found]

        hits = await self._store.read(scope, short_work)
        return await self._store.read(scope, work, long=True) if hits is None else hits


def _hit(entry: EntryRecord, needles: Sequence[str]) -> Hit:
    hit = cast("Hit", entry)  # the record is this search's own: no copy
    hit["snippet"] = snippet(entry["title"], entry["content"], needles)
    return hit
