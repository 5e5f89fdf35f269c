from __future__ import annotations

import pytest

from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store
from journiv.domain.errors import BadRequest, Invalid, NotFound
from journiv.domain.events import EntryUpdated, Event
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.journal.tag_insights import TagInsightService
from journiv.services.journal.tags import TagService
from tests.conftest import AddUser
from tests.unit.services.diaries import NOON, StoppedClock, add_entry, add_journal


class Told(list[Event]):
    """The events a service published."""


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def tags(store: Store, told: Told) -> TagService:
    return TagService(store, StoppedClock(), told.append)


@pytest.fixture
async def entry_id(store: Store, user: UserScope) -> str:
    return (await add_entry(store, user, await add_journal(store, user)))["id"]


async def test_names_are_trimmed_folded_and_composed(tags: TagService, user: UserScope) -> None:
    made = await tags.create(user, "  Cafe\u0301 ")
    assert made["name"] == "café"
    assert await tags.create(user, "CAFÉ") == made
    assert await tags.page(user, 50, 0, "CAFE\u0301") == [made]


@pytest.mark.parametrize("name", ["", "   ", "\u3000", "x" * 101])
async def test_blank_and_long_names_are_refused(
    tags: TagService, user: UserScope, name: str
) -> None:
    with pytest.raises(Invalid):
        await tags.create(user, name)
    assert await tags.page(user, 50, 0) == []


async def test_a_hundred_characters_fit_and_longer_searches_find_nothing(
    tags: TagService, user: UserScope
) -> None:
    await tags.create(user, " " + "x" * 100)
    assert len(await tags.page(user, 50, 0, "x" * 100)) == 1
    assert await tags.page(user, 50, 0, "x" * 101) == []


async def test_putting_names_skips_blanks_and_doubles(
    tags: TagService, user: UserScope, entry_id: str
) -> None:
    await tags.put_names(user, entry_id, ["work"])
    found = await tags.put_names(user, entry_id, ["Sea", " ", "sea ", "", "town"])
    assert [tag["name"] for tag in found] == ["sea", "town", "work"]
    assert [tag["usage_count"] for tag in found] == [1, 1, 1]


async def test_fifty_tags_fit_on_an_entry_and_one_more_changes_nothing(
    tags: TagService, user: UserScope, entry_id: str
) -> None:
    await tags.put_names(user, entry_id, [f"tag {number}" for number in range(50)])
    with pytest.raises(Invalid, match="at most 50 tags"):
        await tags.put_names(user, entry_id, ["one more"])
    extra = await tags.create(user, "extra")
    with pytest.raises(Invalid, match="at most 50 tags"):
        await tags.link(user, entry_id, extra["id"])
    await tags.put_names(user, entry_id, ["tag 1"])
    assert len(await tags.of_entry(user, entry_id)) == 50
    assert len(await tags.page(user, 100, 0)) == 51


async def test_more_than_fifty_names_at_once_make_no_tags(
    tags: TagService, user: UserScope, entry_id: str
) -> None:
    with pytest.raises(Invalid):
        await tags.put_names(user, entry_id, [f"tag {number}" for number in range(51)])
    assert await tags.page(user, 50, 0) == []


async def test_entries_and_tags_of_others_are_not_there(
    tags: TagService, user: UserScope, entry_id: str, add_user: AddUser
) -> None:
    other = await add_user("other@example.org")
    mine = (await tags.put_names(user, entry_id, ["mine"]))[0]["id"]
    theirs = (await tags.create(other, "theirs"))["id"]
    for work in (
        tags.of_entry(other, entry_id),
        tags.put_names(other, entry_id, ["theirs"]),
        tags.link(other, entry_id, theirs),
        tags.unlink(other, entry_id, mine),
    ):
        with pytest.raises(NotFound, match="Entry not found"):
            await work
    with pytest.raises(NotFound, match="Tag not found"):
        await tags.link(user, entry_id, theirs)
    with pytest.raises(NotFound, match="Target tag not found"):
        await tags.merge(user, mine, theirs)
    with pytest.raises(NotFound, match="Source tag not found"):
        await tags.merge(user, theirs, mine)
    assert [tag["name"] for tag in await tags.of_entry(user, entry_id)] == ["mine"]


async def test_a_taken_name_and_a_merge_into_itself_are_bad_requests(
    tags: TagService, user: UserScope
) -> None:
    sea, town = [(await tags.create(user, name))["id"] for name in ("sea", "town")]
    with pytest.raises(BadRequest, match="Tag with this name already exists"):
        await tags.rename(user, sea, " TOWN ")
    with pytest.raises(BadRequest, match="Cannot merge tag into itself"):
        await tags.merge(user, town, town)
    assert (await tags.rename(user, sea, None))["name"] == "sea"
    with pytest.raises(NotFound, match="Tag not found"):
        await tags.rename(user, new_id(), "x")


async def test_listeners_hear_of_a_tagged_entry_but_not_of_a_draft(
    store: Store, tags: TagService, user: UserScope, told: Told
) -> None:
    journal = await add_journal(store, user)
    entry = await add_entry(store, user, journal)
    draft = await add_entry(store, user, journal, is_draft=True)
    [tag] = await tags.put_names(user, entry["id"], ["sea"])
    await tags.put_names(user, draft["id"], ["sea"])
    await tags.put_names(user, entry["id"], [])
    await tags.unlink(user, entry["id"], tag["id"])
    await tags.unlink(user, entry["id"], tag["id"])
    heard = EntryUpdated(user_id=user.user_id, at=NOON, entry_id=entry["id"], journal_id=journal)
    assert told == [heard, heard]


async def test_the_history_of_a_tag_counts_the_window_and_tells_first_and_last(
    store: Store, tags: TagService, user: UserScope
) -> None:
    journal = await add_journal(store, user)
    for day, names in (
        ("2024-05-01", ["sea"]),
        ("2026-02-27", ["sea", "town"]),
        ("2026-02-28", ["sea", "work"]),
        ("2026-03-15", ["sea", "work"]),
        ("2026-03-15", []),
    ):
        entry = await add_entry(store, user, journal, f"{day}T12:00:00.000000Z")
        await tags.put_names(user, entry["id"], names)
    [sea] = await tags.page(user, 1, 0)
    insights = TagInsightService(store, StoppedClock())
    found = await insights.of_tag(user, sea["id"], 365)
    assert (found["first_used"], found["last_used"]) == ("2024-05-01", "2026-03-15")
    assert (found["usage_count"], found["total_entries"]) == (3, 4)
    assert found["share_of_entries"] == 75.0
    assert found["usage_by_month"] == [
        {"month": "2026-02", "usage_count": 2},
        {"month": "2026-03", "usage_count": 1},
    ]
    assert [(tag["tag_name"], tag["entry_count"]) for tag in found["together_with"]] == [
        ("work", 2),
        ("town", 1),
    ]
    with pytest.raises(NotFound, match="Tag not found"):
        await insights.of_tag(user, new_id(), 365)


async def test_the_overview_of_tags_adds_up(
    store: Store, tags: TagService, user: UserScope
) -> None:
    journal = await add_journal(store, user)
    insights = TagInsightService(store, StoppedClock())
    assert (await insights.overview(user, 30))["average_tags_per_entry"] == 0.0
    for names in (["sea", "town"], ["sea"], []):
        entry = await add_entry(store, user, journal)
        await tags.put_names(user, entry["id"], names)
    await tags.create(user, "unused")
    assert await insights.overview(user, 30) == {
        "period_days": 30,
        "start_date": "2026-02-13",
        "end_date": "2026-03-15",
        "total_tags": 3,
        "used_tags": 2,
        "unused_tags": 1,
        "total_entries": 3,
        "total_usage": 3,
        "average_tags_per_entry": 1.0,
        "top_tags": [
            {"tag_name": "sea", "usage_count": 2},
            {"tag_name": "town", "usage_count": 1},
        ],
        "usage_by_month": [{"month": "2026-03", "usage_count": 3}],
    }


async def test_entries_of_a_tag_need_the_tag(tags: TagService, user: UserScope) -> None:
    with pytest.raises(NotFound, match="Tag not found"):
        await tags.entries(user, new_id(), Page())
    with pytest.raises(NotFound, match="Tag not found"):
        await tags.delete(user, new_id())
