"""Drafts: text that is not in the diary yet."""

from __future__ import annotations

from collections.abc import Callable

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import Invalid, Violation
from journiv.domain.events import EntryCreated, Event
from journiv.domain.scope import UserScope
from journiv.services.journal.entries import Changed, existing, existing_entry


class DraftService:
    """Lists and publishes drafts; `EntryService` makes and changes them."""

    def __init__(self, store: Store, clock: Clock, publish: Callable[[Event], None]) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish

    async def page(
        self, scope: UserScope, page: Page, journal_id: str | None = None
    ) -> list[EntryRecord]:
        """Return drafts, most recently changed first."""
        return await self._store.read(scope, lambda tx: tx.entries.drafts(page, journal_id))

    async def publish(self, scope: UserScope, entry_id: str) -> EntryRecord:
        """Put a draft into the diary; publishing an entry changes nothing.

        Raises `NotFound`, and `Invalid` for a draft without text.
        """
        now = instant(self._clock.now())

        def work(tx: Transaction) -> Changed:
            stored = existing_entry(tx, entry_id)
            if not stored["is_draft"]:
                return Changed(stored, is_changed=False)
            if not stored["content"]:
                msg = "A draft needs some text before it can be published."
                raise Invalid([Violation(("body", "content"), "string_too_short", msg)])
            return Changed(existing(tx.entries.change(entry_id, {"is_draft": False}, now)))

        published = await self._store.write(scope, work)
        if published.is_changed:
            journal_id = published.entry["journal_id"]
            self._publish(EntryCreated(scope.user_id, now, entry_id, journal_id))
        return published.entry
