"""How the methods of media are tried; see `recipes` and `system`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from journiv.contracts.repositories.entries import Cursor
from journiv.contracts.repositories.media import MediaQuery, StoredKey
from journiv.contracts.storage import Transaction
from journiv.testing.store.people import Things
from journiv.testing.store.rows import (
    DAY,
    FAR,
    FIRST_DAY,
    LAST_DAY,
    LATER,
    LONG_AGO,
    hash_of,
    medium,
    upload,
)

DAYS: Final = (FIRST_DAY, LAST_DAY)

MEDIA_READS: Final[Mapping[str, Callable[[Transaction, Things, Things], object]]] = {
    "media.get": lambda t, me, it: t.media.get(it.medium),
    "media.of_entry": lambda t, me, it: t.media.of_entry(it.entry),
    "media.page": lambda t, me, it: t.media.page(MediaQuery(limit=100)),
    "media.page: of a journal": lambda t, me, it: t.media.page(
        MediaQuery(limit=100, journal_id=it.journal)
    ),
    "media.page: by moment": lambda t, me, it: t.media.page(
        MediaQuery(limit=100, by_moment=True, after=Cursor(FAR, it.medium))
    ),
    "media.same_source": lambda t, me, it: t.media.same_source(hash_of(it.medium)),
    "media.usage": lambda t, me, it: t.media.usage(),
    "media.first_of_days": lambda t, me, it: t.media.first_of_days(*DAYS).get(DAY),
    "media.first_between": lambda t, me, it: t.media.first_between(LONG_AGO, FAR),
    "uploads.get": lambda t, me, it: t.uploads.get(it.upload),
    "uploads.count": lambda t, me, it: t.uploads.count(),
    "uploads.part_keys": lambda t, me, it: t.uploads.part_keys(it.upload),
}

MEDIA_WRITES: Final[Mapping[str, Callable[[Transaction, Things, Things], object]]] = {
    "media.add": lambda t, me, it: t.media.add(medium(it.medium, me.user, me.draft)),
    "media.add: to an entry": lambda t, me, it: t.media.add(medium(it.user, me.user, it.draft)),
    "media.change": lambda t, me, it: t.media.change(it.medium, {"alt_text": "x"}, LATER),
    "media.delete": lambda t, me, it: t.media.delete(it.medium),
    "media.discard": lambda t, me, it: t.media.discard(f"kit/{it.medium}"),
    "uploads.add": lambda t, me, it: t.uploads.add(upload(it.upload, me.entry)),
    "uploads.add: to an entry": lambda t, me, it: t.uploads.add(upload(it.user, it.entry)),
    "uploads.add_part": lambda t, me, it: t.uploads.add_part(
        it.upload, 5, StoredKey(me.user, "kit/more"), 5, LATER
    ),
    "uploads.delete": lambda t, me, it: t.uploads.delete(it.upload),
}

MEDIA_SYSTEM_READS: Final[Mapping[str, Callable[[Transaction, Things], object]]] = {
    "media_files.known": lambda t, it: t.media_files.known([StoredKey(it.user, "kit/x")]),
    "media_files.waste": lambda t, it: t.media_files.waste(10),
}

MEDIA_SYSTEM_WRITES: Final[Mapping[str, Callable[[Transaction, Things], object]]] = {
    "media_files.claim": lambda t, it: t.media_files.claim(LATER, FAR, 10),
    "media_files.discard": lambda t, it: t.media_files.discard([StoredKey(it.user, "kit/x")]),
    "media_files.forget": lambda t, it: t.media_files.forget([StoredKey(it.user, "kit/x")]),
    "media_files.purge_uploads": lambda t, it: t.media_files.purge_uploads(FAR),
}
