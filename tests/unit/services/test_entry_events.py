"""What listeners are told about entries: after the commit, and not about drafts."""

from __future__ import annotations

import pytest

from journiv.contracts.storage import Store
from journiv.domain.errors import Invalid, NotFound
from journiv.domain.events import EntryCreated, EntryRestored, EntryTrashed, EntryUpdated, Event
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.journal.drafts import DraftService
from journiv.services.journal.entries import EntryService
from journiv.services.journal.entry_values import EntryInput
from journiv.services.journal.revisions import RevisionService
from journiv.services.journal.trash import TrashService
from tests.unit.services.diaries import NOON, StoppedClock, add_journal


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def entries(store: Store, told: list[Event]) -> EntryService:
    return EntryService(store, StoppedClock(), told.append)


@pytest.fixture
async def given(store: Store, user: UserScope) -> EntryInput:
    journal_id = await add_journal(store, user)
    return EntryInput(id=new_id(), title="A day", content="Rain.", journal_id=journal_id)


async def test_an_entry_tells_its_whole_life(
    store: Store, user: UserScope, entries: EntryService, given: EntryInput, told: list[Event]
) -> None:
    entry_id = given.id or ""
    ids = (user.user_id, NOON, entry_id)
    trash = TrashService(store, StoppedClock(), told.append)
    revisions = RevisionService(store, StoppedClock(), told.append)
    await entries.create(user, given)
    await entries.change(user, entry_id, {"content": "Sun."})
    await entries.toggle_pin(user, entry_id)
    await revisions.restore(user, entry_id, 1)
    await trash.put(user, entry_id)
    await trash.restore(user, entry_id)
    changed = EntryUpdated(*ids, given.journal_id)
    assert told == [
        EntryCreated(*ids, given.journal_id),
        changed,
        changed,
        changed,
        EntryTrashed(*ids),
        EntryRestored(*ids),
    ]


async def test_what_changes_nothing_is_not_told(
    user: UserScope, entries: EntryService, given: EntryInput, told: list[Event]
) -> None:
    entry_id = given.id or ""
    await entries.create(user, given)
    told.clear()
    await entries.create(user, given)
    await entries.change(user, entry_id, {"content": "Rain.", "location": None})
    with pytest.raises(NotFound):
        await entries.change(user, new_id(), {"content": "x"})
    with pytest.raises(Invalid):
        await entries.change(user, entry_id, {"content": ""})
    assert told == []


async def test_a_draft_is_told_when_it_is_published(
    store: Store, user: UserScope, entries: EntryService, given: EntryInput, told: list[Event]
) -> None:
    entry_id = given.id or ""
    trash = TrashService(store, StoppedClock(), told.append)
    drafts = DraftService(store, StoppedClock(), told.append)
    await entries.create(user, given, is_draft=True)
    await entries.change(user, entry_id, {"content": "Sun."})
    await trash.put(user, entry_id)
    await trash.restore(user, entry_id)
    assert told == []
    await drafts.publish(user, entry_id)
    await drafts.publish(user, entry_id)
    assert told == [EntryCreated(user.user_id, NOON, entry_id, given.journal_id)]
