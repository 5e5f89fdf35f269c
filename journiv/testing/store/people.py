"""People with diaries, for a store's tests: how they are stored, and all that they see."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

from journiv.contracts.repositories.entries import NewEntry
from journiv.contracts.repositories.media import MediaQuery, StoredKey
from journiv.contracts.repositories.mood_logs import MoodLogFilter
from journiv.contracts.storage import Store, Transaction
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.testing.store.rows import (
    ALL,
    AT,
    CALM,
    FIRST_DAY,
    LAST_DAY,
    LATER,
    LONG_AGO,
    PROMPT,
    SAD,
    account,
    entry,
    journal,
    medium,
    mood_log,
    preferences,
    reply,
    transfer,
    upload,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """The ids of what one person has, or ids that nobody has."""

    user: str
    journal: str
    entry: str
    draft: str
    trashed: str
    tag: str
    log: str
    key: str
    ref: str
    transfer: str
    export: str
    medium: str
    upload: str

    @property
    def scope(self) -> UserScope:
        """The person."""
        return UserScope(self.user)


def made_up() -> Things:
    """Return ids that nothing has yet."""
    return Things(**{one.name: new_id() for one in fields(Things)})


async def plant(store: Store) -> None:
    """Store the catalogue of moods and prompts."""

    def work(tx: Transaction) -> None:
        tx.moods.plant([CALM, SAD])
        tx.prompts.plant([PROMPT])

    await store.write(SYSTEM, work)


async def arrive(store: Store, **changes: Any) -> UserScope:
    """Store an account and return its scope."""
    user_id = new_id()
    await store.write(SYSTEM, lambda tx: tx.users.add(account(user_id, **changes)))
    return UserScope(user_id)


async def settle(store: Store, things: Things, words: str) -> None:
    """Store a person with one of everything; `words` are in their texts, and `words[0]` a tag."""
    await store.write(SYSTEM, lambda tx: tx.users.add(account(things.user)))
    await store.write(things.scope, lambda tx: _write_diary(tx, things, words))
    await store.write(SYSTEM, lambda tx: tx.transfers.claim("kit", AT, LATER))


def _write_diary(tx: Transaction, things: Things, words: str) -> None:
    tx.settings.put(preferences(things.user, theme=words[:9]))
    tx.journals.add(journal(things.journal, title=words))
    written = entry(
        things.entry, things.journal, words, title=words, importer="kit", ref=things.ref,
        latitude=1.5, longitude=-2.25,
    )  # fmt: skip
    record = tx.entries.add(written)
    tx.entries.add(entry(things.draft, things.journal, f"Draft: {words}", is_draft=True))
    tx.entries.add(entry(things.trashed, things.journal, f"Gone: {words}"))
    for kept in (things.entry, things.trashed):
        tags = tx.tags.ensure([words.split()[0], "shared"], [things.tag, new_id()], AT)
        tx.tags.link(kept, [tag["id"] for tag in tags], AT)
    tx.mood_logs.set_on_entry(things.entry, CALM["id"], words, AT)
    tx.mood_logs.add(mood_log(things.log, note=words))
    tx.revisions.keep(record, "edit", AT)
    tx.trash.put(things.trashed, AT)
    tx.replies.put(reply(things.key, body=json.dumps(words)))
    tx.transfers.add(transfer(things.transfer, "import", AT))
    tx.transfers.note(things.transfer, "entry", [things.entry])
    tx.transfers.add(transfer(things.export, "export", LATER))
    tx.media.add(medium(things.medium, things.user, things.entry))
    tx.uploads.add(upload(things.upload, things.entry))
    tx.uploads.add_part(things.upload, 0, StoredKey(things.user, "kit/part"), 5, AT)


async def settled(store: Store) -> Things:
    """Store a person with one of everything, and a tag `walk`."""
    me = made_up()
    await plant(store)
    await settle(store, me, "walk")
    return me


async def write_more(store: Store, things: Things) -> None:
    """Give a person who has settled more of everything, so that all their numbers are others'."""

    def work(tx: Transaction) -> None:
        tx.settings.change({"time_zone": "Asia/Tokyo"}, AT)
        answer = entry(new_id(), things.journal, "Oysters.", prompt_id=PROMPT["id"])
        tx.entries.add(answer)
        tags = tx.tags.ensure(["food", "sea"], [new_id(), new_id()], AT)
        tx.tags.link(answer.id, [tag["id"] for tag in tags], AT)
        tx.mood_logs.set_on_entry(answer.id, SAD["id"], None, AT)
        earlier = entry(new_id(), things.journal, "Rain.", at=LONG_AGO, day=LONG_AGO[:10])
        tx.entries.add(earlier)
        tx.mood_logs.add(mood_log(new_id(), at=LONG_AGO, day=LONG_AGO[:10]))
        tx.transfers.add(transfer(new_id(), "export", LATER))
        tx.media.add(medium(new_id(), things.user, answer.id))
        tx.uploads.add(upload(new_id(), answer.id))

    await store.write(things.scope, work)


def seen(tx: Transaction, things: Things) -> str:
    """Return everything a person can see in their diary, as text."""
    live = tx.entries.page(ALL)
    found = [
        tx.users.get(things.user), tx.settings.get(), tx.journals.all(include_archived=True),
        live, tx.entries.drafts(ALL), tx.trash.page(ALL), tx.tags.page(1000, 0), tx.tags.totals(),
        tx.mood_logs.page(MoodLogFilter(), ALL), tx.mood_logs.counts(FIRST_DAY, LAST_DAY),
        tx.timeline.page(ALL), tx.timeline.days(FIRST_DAY, LAST_DAY), tx.insights.streak(),
        tx.insights.by_day(FIRST_DAY, LAST_DAY), tx.insights.top_tags(FIRST_DAY, LAST_DAY, 100),
        tx.insights.verify(), tx.replies.get(things.key), tx.tags.by_day(FIRST_DAY, LAST_DAY),
        tx.transfers.page(["import", "export"], 100, 0), tx.transfers.counts(things.transfer),
        tx.media.page(MediaQuery(limit=1000)), tx.media.usage(), tx.uploads.get(things.upload),
        tx.uploads.count(), tx.uploads.part_keys(things.upload),
        [(tx.tags.of_entry(one["id"]), tx.revisions.of_entry(one["id"])) for one in live],
    ]  # fmt: skip
    return as_text(found)


def as_text(value: object) -> str:
    """Return any answer of a repository as text, sets in order."""
    return json.dumps(value, default=_plain, sort_keys=True, ensure_ascii=False)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no answer of a repository")


def add_entry(new: NewEntry, tx: Transaction) -> None:
    """Store an entry."""
    tx.entries.add(new)
