"""The rows of an account for a thread that writes them; each page is read on the loop's side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar, cast

from journiv.contracts.archives import ArchivedMedium
from journiv.contracts.records import MediaRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.scope import UserScope
from journiv.services.transfer.media_bytes import MediaBytes, file_name_of
from journiv.services.transfer.selection import Selection

PAGE: Final = 200
T = TypeVar("T")


class AccountPages:
    """What is selected of one account, kind by kind; `count` is how many moments were read.

    Pages are snapshots of their own: what changes while they are read is in one state or the
    other, and what refers to something written later is left out when it is restored.
    """

    def __init__(
        self,
        store: Store,
        scope: UserScope,
        selection: Selection,
        loop: asyncio.AbstractEventLoop,
        progress: Callable[[int], None],
        media: MediaBytes | None,
    ) -> None:
        self._store = store
        self._scope = scope
        self._selection = selection
        self._loop = loop
        self._progress = progress
        self._media = media
        self._written: set[str] = set()
        self._keys: dict[str, str] = {}
        self.count = 0
        self.media_count = 0
        self.is_stopped = False

    def rows(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of one of `KINDS`; revisions after the moments they belong to."""
        match kind:
            case "settings":
                yield from self._settings()
            case "tags":
                yield from self._pages(lambda tx, last: tx.holdings.tags(last, PAGE))
            case "journals":
                for one in self._pages(lambda tx, last: tx.holdings.journals(last, PAGE)):
                    if self._selection.holds_journal(one["id"]):
                        yield one
            case "moments":
                yield from self._moments()
            case "revisions":
                yield from self._revisions()
            case "media":
                yield from self._media_rows()

    def bytes_of(self, file: str) -> Iterator[bytes]:
        """Yield the bytes of a medium whose row was yielded, by the row's `file`."""
        if self._media is None:
            raise NotFound("This export holds no media.")
        return self._media.of(self._keys[file])

    def _settings(self) -> Iterator[Mapping[str, Any]]:
        found = self._read(lambda tx: tx.settings.get())
        if found is not None:
            yield {key: value for key, value in found.items() if key != "user_id"}

    def _moments(self) -> Iterator[Mapping[str, Any]]:
        for one in self._pages(lambda tx, last: tx.holdings.moments(last, PAGE)):
            if self._selection.holds(one["day"]) and self._selection.holds_journal(
                one["journal_id"]
            ):
                self._written.add(one["id"])
                self.count += 1
                yield one

    def _revisions(self) -> Iterator[Mapping[str, Any]]:
        last = ("00000000-0000-0000-0000-000000000000", 0)
        while rows := self._page(lambda tx, after: tx.holdings.revisions(after, PAGE), last):
            yield from (one for one in rows if one["entry_id"] in self._written)
            last = (rows[-1]["entry_id"], rows[-1]["number"])

    def _media_rows(self) -> Iterator[Mapping[str, Any]]:
        if self._media is None:
            return
        for one in self._pages(lambda tx, last: tx.holdings.media(last, PAGE)):
            if one["entry_id"] in self._written:
                row = {**one, "file": f"media/{file_name_of(cast('MediaRecord', one))}"}
                self._keys[row["file"]] = one["key"]
                self.media_count += 1
                yield {name: row[name] for name in ArchivedMedium.__annotations__}

    def _pages(self, page: Callable[[Transaction, str], list[Any]]) -> Iterator[Mapping[str, Any]]:
        last = "00000000-0000-0000-0000-000000000000"
        while rows := self._page(page, last):
            yield from rows
            last = rows[-1]["id"]

    def _page(self, page: Callable[[Transaction, T], list[Any]], last: T) -> list[Any]:
        if self.is_stopped:
            raise BadRequest("The export was stopped.")
        self._progress(self.count)
        return self._read(lambda tx: page(tx, last))

    def _read(self, work: Callable[[Transaction], T]) -> T:
        reading = self._store.read(self._scope, work, long=True)
        return asyncio.run_coroutine_threadsafe(reading, self._loop).result()
