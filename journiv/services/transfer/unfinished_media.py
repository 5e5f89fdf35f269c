"""Which entry an import was giving its media when it was cut off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope

NAMESPACE: Final = "import-media"
KEPT: Final = timedelta(days=30)


class UnfinishedMedia:
    """Remembers the entries whose media are on their way, so that the next import finishes these.

    All other entries that are there already are left alone: a picture that a person took away
    from one does not come back with the next import of the same file.
    """

    def __init__(self, store: Store, clock: Clock, scope: UserScope) -> None:
        self._store = store
        self._clock = clock
        self._prefix = f"{scope.user_id}/"
        self._own = f"{self._prefix}{new_id()}"
        self._left: dict[str, set[str]] = {}
        self._has_noted = False

    async def recall(self) -> None:
        """Read what earlier imports of this person left."""
        now = instant(self._clock.now())

        def work(tx: Transaction) -> dict[str, set[str]]:
            return {key: set(ids) for key, ids in tx.kv.items(NAMESPACE, self._prefix, now)}

        self._left = await self._store.read(SYSTEM, work)

    def holds(self, entry_id: str) -> bool:
        """Say whether an earlier import was cut off at this entry."""
        return any(entry_id in ids for ids in self._left.values())

    async def note(self, entry_ids: Sequence[str]) -> None:
        """Remember these instead of those before; called before they are stored."""
        until = instant(self._clock.now() + KEPT)

        def work(tx: Transaction) -> None:
            tx.kv.put(NAMESPACE, self._own, list(entry_ids), until)

        if entry_ids:
            await self._store.write(SYSTEM, work)
            self._has_noted = True

    def finished(self, entry_id: str) -> None:
        """Note that an entry of an earlier import has its media now."""
        for ids in self._left.values():
            ids.discard(entry_id)

    async def forget(self) -> None:
        """Forget what is finished: all of this import, and of earlier ones what it went over."""
        over = [key for key, ids in self._left.items() if not ids]
        over += [self._own] if self._has_noted else []

        def work(tx: Transaction) -> None:
            for key in over:
                tx.kv.delete(NAMESPACE, key)

        if over:
            await self._store.write(SYSTEM, work)
