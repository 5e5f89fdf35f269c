"""What is deleted is gone (security.md §4.5, DEL): from every answer, table and index.

Files go within a minute (tests/api/test_media_deletion.py); of accounts the audit log keeps rows
under a pseudonym.
"""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import StartServer
from tests.api.server import ServerProcess
from tests.security.holdings import Holding
from tests.security.second_factor import switch_on
from tests.security.stages import await_sweep, dump, log_in, people_at, refresh, rows, status_of

WORD = "zanzibarquill"
OTHERS = "Pepys of the others"


@pytest.fixture
def server(start_server: StartServer) -> ServerProcess:
    return start_server()


@pytest.fixture
async def people(server: ServerProcess, session: ClientSession) -> list[ApiClient]:
    """An administrator, and somebody whose mail address, name and texts hold the word."""
    return await people_at(server, session, "admin", WORD)


@pytest.mark.parametrize("by", ["the owner", "an administrator"])
async def test_DEL_1_of_a_deleted_account_nothing_is_left(
    server: ServerProcess, people: list[ApiClient], by: str
) -> None:
    admin, person = people
    kept = await Holding.of(admin, OTHERS)
    await Holding.of(person, WORD)
    await person.put("/users/me", {"name": WORD})
    await switch_on(person)
    token = (await person.post("/tokens", {"name": WORD, "scopes": ["profile:read"]})).json
    before = await kept.state()
    path = f"/admin/users/{person.user['id']}"
    deleted = await (person.delete("/users/me") if by == "the owner" else admin.delete(path))
    assert deleted.status == 200
    for access in (person.token or "", token["token"]):
        assert await status_of(person, access) == 401
    body = {"email": person.user["email"], "password": person.password}
    assert (await person.anonymous().post("/auth/login", body)).status == 401
    assert await kept.state() == before
    await_sweep(server)
    server.stop()
    left = dump(server)
    assert WORD not in left
    assert person.user["id"] not in left
    assert OTHERS in left


async def test_DEL_1_open_sessions_and_links_are_over(
    server: ServerProcess, people: list[ApiClient]
) -> None:
    admin, person = people
    link = (await admin.post(f"/admin/users/{person.user['id']}/reset-link")).json["token"]
    tokens = [await log_in(person) for _ in range(3)]
    assert (await admin.delete(f"/admin/users/{person.user['id']}")).status == 200
    for one in tokens:
        assert await status_of(person, one["access_token"]) == 401
        assert (await refresh(person, one["refresh_token"])).status == 401
    reset = {"token": link, "password": "another-Lantern-quite-48"}
    assert (await person.anonymous().post("/auth/reset", reset)).status == 400
    assert rows(server, "SELECT count(*) FROM sessions WHERE user_id = ?", person.user["id"]) == [
        (0,)
    ]


async def test_DEL_2_a_deleted_entry_leaves_no_text_in_search_revisions_or_tags(
    server: ServerProcess, people: list[ApiClient]
) -> None:
    _, person = people
    held = await Holding.of(person, "quincewort")
    entry = held.ids["entry_id"]
    found = (await person.get("/entries/search?q=quincewort+after")).json
    assert [one["id"] for one in found] == [entry]
    assert (await person.delete(f"/entries/{entry}")).status == 204
    assert (await person.get("/entries/search?q=quincewort+after")).json == []
    assert (await person.get(f"/entries/{entry}/revisions")).status == 404
    assert (await person.delete(f"/trash/{entry}")).status == 204
    assert (await person.post(f"/trash/{entry}/restore")).status == 404
    await_sweep(server)
    server.stop()
    left = dump(server)
    assert "quincewort before" not in left
    assert "quincewort after" not in left
    assert entry not in left
    assert held.ids["trashed_id"] in left


async def test_DEL_2_a_deleted_journal_takes_its_entries_along(
    server: ServerProcess, people: list[ApiClient]
) -> None:
    _, person = people
    held = await Holding.of(person, "quincewort")
    assert (await person.delete(f"/journals/{held.ids['journal_id']}")).status == 204
    for path in ("/entries/", "/entries/drafts", "/journals/", "/entries/search?q=quincewort"):
        assert (await person.get(path)).json == [], path
    assert (await person.get(f"/entries/{held.ids['entry_id']}")).status == 404
    for trashed in (await person.get("/trash")).json:
        assert (await person.delete(f"/trash/{trashed['id']}")).status == 204
    await_sweep(server)
    server.stop()
    left = dump(server)
    assert "quincewort before" not in left
    assert "quincewort after" not in left
    assert held.ids["entry_id"] not in left
    assert held.ids["draft_id"] not in left
