"""Files go with what they belong to (security.md §4.5, DEL), and pictures come after a crash."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import StartServer, register
from tests.api.diary import write_entry, write_journal
from tests.api.pictures import new_entry, png, sent, settled
from tests.api.server import ServerProcess


@pytest.fixture
def server(start_server: StartServer) -> ServerProcess:
    return start_server()


@pytest.fixture
async def person(server: ServerProcess, session: ClientSession) -> ApiClient:
    return await register(ApiClient(session, server.url, server.contract), "sam@example.org")


def files(server: ServerProcess) -> list[Path]:
    media = server.folder / "data" / "media"
    return [path for path in media.rglob("*") if path.is_file()]


async def emptied(server: ServerProcess) -> None:
    """Wait until no file is left; a minute is promised."""
    end = time.monotonic() + 60
    while files(server):
        assert time.monotonic() < end, files(server)
        await asyncio.sleep(0.2)


async def test_DEL_2_files_go_with_a_medium_an_entry_a_journal_and_an_account(
    server: ServerProcess, person: ApiClient
) -> None:
    medium = await settled(person, await sent(person, await new_entry(person), png()))
    assert len(files(server)) == 4
    await person.delete(f"/media/{medium['id']}")
    entry = await new_entry(person)
    await settled(person, await sent(person, entry, png()))
    await person.delete(f"/entries/{entry['id']}")
    assert len(files(server)) >= 4
    await person.delete(f"/trash/{entry['id']}")
    await emptied(server)
    journal = await write_journal(person)
    for seed in range(2):
        await settled(
            person, await sent(person, await write_entry(person, journal), png(seed=seed))
        )
    await person.delete(f"/journals/{journal['id']}")
    await emptied(server)


async def test_DEL_1_files_go_with_the_account_and_what_was_on_its_way(
    server: ServerProcess, person: ApiClient, session: ClientSession
) -> None:
    other = await register(ApiClient(session, server.url, server.contract), "eve@example.org")
    entry = await new_entry(other)
    medium = await settled(other, await sent(other, entry, png()))
    upload = (await other.post("/media/uploads", {"entry_id": entry["id"], "size": 10})).json
    path = f"/media/uploads/{upload['id']}?offset=0"
    assert (await other.request("PUT", path, data=b"x" * 5)).status == 200
    assert len(files(server)) == 5
    assert (await person.delete(f"/admin/users/{other.user['id']}")).status == 200
    for url in (medium["signed_url"], medium["signed_thumbnail_url"]):
        assert (await person.anonymous().get(url, root=True)).status == 403
    await emptied(server)


async def test_DEL_2_files_whose_rows_went_before_the_server_was_killed_still_go(
    server: ServerProcess, person: ApiClient
) -> None:
    medium = await settled(person, await sent(person, await new_entry(person), png()))
    await person.delete(f"/media/{medium['id']}")
    server.kill()
    server.start()
    await emptied(server)


async def test_FLT_12_a_picture_is_made_after_the_server_was_killed_at_it(
    server: ServerProcess, person: ApiClient
) -> None:
    entry = await new_entry(person)
    media = [await sent(person, entry, png(1500, 1500, seed=seed)) for seed in range(3)]
    server.kill()
    server.start()
    server.restart(JOURNIV_TEST_CLOCK="+600")  # claims of the dead are over by then
    for medium in media:
        assert (await settled(person, medium))["upload_status"] == "completed"
