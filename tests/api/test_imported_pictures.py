"""A diary with pictures by HTTP: in, cancelled, and taken back with files and figures."""

from __future__ import annotations

import asyncio
import io
import os
import zipfile

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json
from tests.api.pictures import new_entry, png, sent
from tests.api.server import ServerProcess
from tests.api.transfers import begun, ended

ZIPPED = {"source_type": "markdown", "name": "diary.zip"}


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


def diary(count: int) -> bytes:
    """So many notes, each with a picture of its own and one that all share."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("D/shared.png", png(seed=0))
        for number in range(1, count + 1):
            archive.writestr(f"D/{number}.png", png(seed=number))
            text = f"---\ndate: 2024-01-01\n---\nDay {number}.\n![]({number}.png) ![](shared.png)\n"
            archive.writestr(f"D/Day {number}.md", text)
    return target.getvalue()


async def files(server: ServerProcess, me: ApiClient, count: int) -> None:
    """Wait until so many originals of a person are left; files follow their rows."""
    folder = server.folder / "data" / "media" / me.user["id"]
    async with asyncio.timeout(20):
        while (
            sum(name.endswith(".png") for *_, names in os.walk(folder) for name in names) != count
        ):
            await asyncio.sleep(0.1)


async def usage(me: ApiClient) -> tuple[int, int]:
    found = (await me.get("/media/usage")).json
    return found["files"], found["bytes"]


async def taken_back(me: ApiClient, job: Json) -> Json:
    undo = (await me.post(f"/import/{job['id']}/undo")).json
    result: Json = (await ended(me, f"/import/{undo['id']}"))["result_data"]
    return result


async def test_taking_back_takes_pictures_files_and_figures_but_not_what_is_used_by_hand(
    me: ApiClient, server: ServerProcess
) -> None:
    own = await new_entry(me)
    mine = await sent(me, own, png(seed=0))
    before = await usage(me)
    job = await begun(me, diary(3), **ZIPPED)
    job = await ended(me, f"/import/{job['id']}")
    assert (job["status"], job["progress"], job["total_items"]) == ("completed", 100, 3)
    assert job["result_data"]["media_files_imported"] == 6
    assert (await usage(me))[0] == 7
    result = await taken_back(me, job)
    assert (result["entries_removed"], result["entries_kept"]) == (3, 0)
    assert await usage(me) == before
    await files(server, me, 1)
    assert (await me.get(f"/media/{mine['id']}")).body == png(seed=0)


async def test_an_entry_that_was_given_a_picture_since_is_not_taken_back(me: ApiClient) -> None:
    job = await begun(me, diary(2), **ZIPPED)
    job = await ended(me, f"/import/{job['id']}")
    kept, _ = (await me.get("/entries/")).json
    mine = await sent(me, kept, png(seed=9))
    result = await taken_back(me, job)
    assert (result["entries_removed"], result["entries_kept"]) == (1, 1)
    assert [one["id"] for one in (await me.get("/entries/")).json] == [kept["id"]]
    assert (await me.get(f"/media/{mine['id']}")).body == png(seed=9)


async def test_a_cancelled_import_keeps_whole_entries_and_can_be_taken_back(
    me: ApiClient,
) -> None:
    job = await begun(me, diary(150), **ZIPPED)
    path, told = f"/import/{job['id']}", [0]
    while told[-1] < 5:
        now = (await me.get(path)).json
        assert now["total_items"] in (0, 150)
        told.append(now["processed_items"])
        await asyncio.sleep(0.01)
    assert (await me.post(f"{path}/cancel")).status == 200
    over = await ended(me, path)
    assert over["status"] == "cancelled"
    assert told == sorted(told)
    entries = (await me.get("/entries/?limit=100")).json
    assert 5 <= len(entries) < 100
    media = [(await me.get(f"/entries/{one['id']}/media")).json for one in entries]
    assert {len(one) for one in media} == {2}
    count = sum(map(len, media))
    assert (await usage(me))[0] == count
    await taken_back(me, over)
    assert await usage(me) == (0, 0)
