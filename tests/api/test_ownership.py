"""Somebody else's id is an id that does not exist: 404, the same words, and nothing changed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json, write_entry, write_journal


@dataclass(frozen=True)
class Book:
    """One person's things, one of each."""

    owner: ApiClient
    ids: Json

    async def state(self) -> list[object]:
        """Return all that its owner can see."""
        paths = (
            "/journals/?include_archived=1",
            "/entries/",
            "/entries/drafts",
            "/trash",
            "/tags/",
            "/moods/logs",
            "/timeline",
            "/analytics/writing-streak",
            f"/entries/{self.ids['entry']}/revisions",
        )
        return [(await self.owner.get(path)).json for path in paths]


@pytest.fixture
async def book(new_user: NewUser) -> Book:
    owner = await new_user()
    journal = await write_journal(owner)
    entry = await write_entry(owner, journal)
    await owner.put(f"/entries/{entry['id']}", {"content": "changed"})
    [tag] = (await owner.post(f"/entries/{entry['id']}/tags/bulk", ["mine"])).json
    draft = (await owner.post("/entries/draft", {"journal_id": journal["id"]})).json
    trashed = await write_entry(owner, journal)
    await owner.delete(f"/entries/{trashed['id']}")
    mood = (await owner.get("/moods/")).json[0]
    log = (await owner.post("/moods/log", {"mood_id": mood["id"]})).json
    ids = {"journal": journal, "entry": entry, "tag": tag, "draft": draft, "trashed": trashed,
           "mood": mood, "log": log}  # fmt: skip
    return Book(owner, {name: thing["id"] for name, thing in ids.items()})


# Method, path with the names of ids, body, detail. `own` ids are the stranger's.
ATTEMPTS = [
    ("GET", "/journals/{journal}", None, "Journal not found"),
    ("PUT", "/journals/{journal}", {"title": "taken"}, "Journal not found"),
    ("DELETE", "/journals/{journal}", None, "Journal not found"),
    ("POST", "/journals/{journal}/favorite", None, "Journal not found"),
    ("POST", "/journals/{journal}/archive", None, "Journal not found"),
    ("POST", "/journals/{journal}/unarchive", None, "Journal not found"),
    ("GET", "/entries/journal/{journal}", None, "Journal not found"),
    ("POST", "/entries/", {"title": "x", "content": "x", "journal_id": "{journal}"},
     "Journal not found"),
    ("POST", "/entries/draft", {"journal_id": "{journal}"}, "Journal not found"),
    ("GET", "/entries/{entry}", None, "Entry not found"),
    ("PUT", "/entries/{entry}", {"title": "taken"}, "Entry not found"),
    ("PUT", "/entries/{own_entry}", {"journal_id": "{journal}"}, "Target journal not found"),
    ("DELETE", "/entries/{entry}", None, "Entry not found"),
    ("POST", "/entries/{entry}/pin", None, "Entry not found"),
    ("GET", "/entries/{entry}/media", None, "Entry not found"),
    ("POST", "/entries/{entry}/media", {}, "Entry not found"),
    ("GET", "/entries/{entry}/tags", None, "Entry not found"),
    ("POST", "/entries/{entry}/tags/bulk", ["x"], "Entry not found"),
    ("GET", "/entries/{entry}/revisions", None, "Entry not found"),
    ("GET", "/entries/{entry}/revisions/1", None, "Entry not found"),
    ("POST", "/entries/{entry}/revisions/1/restore", None, "Entry not found"),
    ("POST", "/entries/{draft}/publish", None, "Entry not found"),
    ("POST", "/trash/{trashed}/restore", None, "Entry not found"),
    ("DELETE", "/trash/{trashed}", None, "Entry not found"),
    ("GET", "/tags/{tag}", None, "Tag not found"),
    ("PUT", "/tags/{tag}", {"name": "taken"}, "Tag not found"),
    ("DELETE", "/tags/{tag}", None, "Tag not found"),
    ("GET", "/tags/{tag}/entries", None, "Tag not found"),
    ("POST", "/tags/{tag}/merge/{own_tag}", None, "Source tag not found"),
    ("POST", "/tags/{own_tag}/merge/{tag}", None, "Target tag not found"),
    ("POST", "/tags/entry/{entry}/tag/{own_tag}", None, "Entry not found"),
    ("POST", "/tags/entry/{own_entry}/tag/{tag}", None, "Tag not found"),
    ("DELETE", "/tags/entry/{entry}/tag/{own_tag}", None, "Entry not found"),
    ("GET", "/tags/entry/{entry}", None, "Entry not found"),
    ("POST", "/tags/entry/{entry}/bulk", ["x"], "Entry not found"),
    ("GET", "/moods/log/{log}", None, "Mood log not found"),
    ("PUT", "/moods/log/{log}", {"note": "taken"}, "Mood log not found"),
    ("DELETE", "/moods/log/{log}", None, "Mood log not found"),
    ("POST", "/moods/log", {"mood_id": "{mood}", "entry_id": "{entry}"}, "Entry not found"),
]  # fmt: skip


async def test_foreign_ids_look_missing_and_nothing_changes(book: Book, new_user: NewUser) -> None:
    stranger = await new_user()
    own_entry = await write_entry(stranger, await write_journal(stranger))
    [own_tag] = (await stranger.post(f"/entries/{own_entry['id']}/tags/bulk", ["own"])).json
    ids = {**book.ids, "own_entry": own_entry["id"], "own_tag": own_tag["id"]}
    missing = {**ids, **{name: new_id() for name in book.ids if name != "mood"}}
    before = await book.state()
    for method, path, body, detail in ATTEMPTS:
        for known in (ids, missing):
            answer = await stranger.request(method, path.format(**known), json=_filled(body, known))
            assert (answer.status, answer.detail) == (404, detail), (method, path)
    assert await book.state() == before


async def test_lists_and_searches_show_nothing_foreign(book: Book, new_user: NewUser) -> None:
    stranger = await new_user()
    journal, mood = book.ids["journal"], book.ids["mood"]
    day = "start_date=0001-01-02&end_date=9998-12-30"
    for path in (
        "/journals/",
        "/journals/favorites",
        "/entries/",
        "/entries/drafts",
        f"/entries/drafts?journal_id={journal}",
        "/entries/search?q=changed",
        f"/entries/search?q=changed&journal_id={journal}",
        f"/entries/search?q=changed&mood_id={mood}",
        "/entries/search?q=changed&tag=mine",
        f"/entries/date-range?{day}",
        f"/entries/date-range?{day}&journal_id={journal}",
        "/trash",
        "/timeline",
        "/days?from=0001-01-02&to=9998-12-30",
        "/on-this-day",
        "/tags/",
        "/tags/popular",
        "/tags/search?q=mine",
        "/moods/logs",
        f"/moods/logs?entry_id={book.ids['entry']}",
        "/moods/log/recent",
    ):
        assert (await stranger.get(path)).json == [], path


async def test_strangers_without_a_token_are_told_nothing_but_that(
    book: Book, client: ApiClient
) -> None:
    for method, path, body, _ in ATTEMPTS:
        ids = {**book.ids, "own_entry": "nonsense", "own_tag": "nonsense"}
        answer = await client.request(method, path.format(**ids), json=_filled(body, ids))
        assert (answer.status, answer.detail) == (401, "Not authenticated"), (method, path)


def _filled(body: object, ids: Json) -> object:
    if not isinstance(body, dict):
        return body
    return {
        name: value.format(**ids) if isinstance(value, str) else value
        for name, value in body.items()
    }
