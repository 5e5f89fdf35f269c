"""Imports and exports beside a server that dies, and one that is stopped."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import StartServer, register
from tests.api.diary import Json, write_entry, write_journal
from tests.api.server import ServerProcess
from tests.api.transfers import begun, diary, ended, exported

ENTRIES = 1000
# Another process waits for a lease of 30 s to run out; its clock is that much ahead.
LATER = {"JOURNIV_TEST_CLOCK": "+40"}


async def someone(server: ServerProcess, session: ClientSession) -> ApiClient:
    return await register(ApiClient(session, server.url, server.contract), "sam@example.org")


async def halfway(who: ApiClient, content: bytes) -> Json:
    """Begin an import and return it when some of it is in, and not all."""
    job = await begun(who, content)
    async with asyncio.timeout(30):
        while True:
            job = (await who.get(f"/import/{job['id']}")).json
            if job["processed_items"]:
                assert job["status"] == "running"
                return job
            await asyncio.sleep(0.02)


def leftovers(server: ServerProcess) -> list[Path]:
    data = server.folder / "data"
    places = [data / "media" / "transfers", data / "transfers"]
    return [path for place in places for path in place.rglob("*") if path.is_file()]


async def goes_on(server: ServerProcess, who: ApiClient, job: Json) -> None:
    over = await ended(who, f"/import/{job['id']}", patience=120)
    assert (over["status"], over["errors"]) == ("completed", [])
    assert over["result_data"]["entries_created"] == ENTRIES
    assert over["result_data"]["entries_known"] == 0
    assert (await who.get("/analytics/writing-streak")).json["total_entries"] == ENTRIES
    assert server.stop() == 0
    assert leftovers(server) == []


async def test_an_import_that_is_killed_goes_on_and_doubles_nothing(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    me = await someone(server, session)
    job = await halfway(me, diary(ENTRIES, tags=["bed"]))
    server.kill()
    server.start(**LATER)
    await goes_on(server, me, job)


async def test_an_import_goes_on_after_a_stop_at_once(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    me = await someone(server, session)
    job = await halfway(me, diary(ENTRIES))
    server.restart()
    await goes_on(server, me, job)


async def test_what_a_killed_export_left_is_removed(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    me = await someone(server, session)
    await write_entry(me, await write_journal(me))
    unfinished = server.folder / "data" / "transfers" / "a.1.ndjson.gz"
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.touch()
    job = await exported(me)
    stored = server.folder / "data" / "media" / "transfers" / me.user["id"] / job["id"] / "result"
    if "DATABASE_URL" not in server.location:
        server.restart()
        assert not unfinished.exists()
    assert stored.exists()
    assert (stored.stat().st_mode & 0o777, stored.stat().st_size) == (0o600, job["file_size"])
    assert (await me.delete(f"/export/{job['id']}")).status == 204
    assert not stored.exists()


async def test_exports_are_forgotten_after_their_days_with_their_files(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(EXPORT_CLEANUP_DAYS="1")
    me = await someone(server, session)
    await write_entry(me, await write_journal(me))
    job = await exported(me)
    orphan = server.folder / "data" / "media" / "transfers" / me.user["id"] / job["id"] / "source"
    orphan.write_bytes(b"of an upload that was cut off")
    assert (await me.get(f"/export/{job['id']}")).status == 200
    server.restart(JOURNIV_TEST_CLOCK="+180000")
    async with asyncio.timeout(30):
        while leftovers(server):
            await asyncio.sleep(0.1)
