"""A real server keeps its files in a real object store."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import StartServer, register, session, start_server
from tests.api.diary import write_entry, write_journal
from tests.api.transfers import exported, imported
from tests.services.s3 import BUCKET, KEY_ID, SECRET, S3Server

__all__ = ["session", "start_server"]


@pytest.fixture
async def me(start_server: StartServer, session: ClientSession, s3_server: S3Server) -> ApiClient:
    """Somebody at a server with an object store of its own."""
    server = start_server(
        JOURNIV_MEDIA_URL=s3_server.url("ours"),
        AWS_ACCESS_KEY_ID=KEY_ID,
        AWS_SECRET_ACCESS_KEY=SECRET,
        JOURNIV_MEDIA_S3__TIMEOUT_SECONDS="1",
    )
    return await register(ApiClient(session, server.url, server.contract), "me@example.org")


def kept(server: S3Server) -> list[str]:
    return [name for name in server.files() if not name.endswith("/.journiv-probe")]


async def test_what_is_exported_is_kept_there_given_to_its_owner_alone_and_deleted(
    me: ApiClient, s3_server: S3Server
) -> None:
    await write_entry(me, await write_journal(me), title="T")
    job = await exported(me, format="ndjson")
    path = f"/export/{job['id']}/download"
    [name] = kept(s3_server)
    assert name.startswith("ours/transfers/")
    whole = (await me.get(path)).body
    assert (s3_server.folder / BUCKET / name).read_bytes() == whole
    part = await me.get(path, headers={"Range": "bytes=3-8"})
    assert (part.status, part.body) == (206, whole[3:9])
    known = await me.get(path, headers={"If-None-Match": part.headers["ETag"]})
    assert (known.status, known.body) == (304, b"")
    link = (await me.get(f"/export/{job['id']}/sign")).json["signed_url"]
    last = await me.anonymous().get(link, root=True, headers={"Range": "bytes=-5"})
    assert (last.status, last.body) == (206, whole[-5:])
    stranger = await register(me, "stranger@example.org")
    assert (await stranger.get(path)).status == 403
    assert (await imported(stranger, whole, name="d.ndjson.gz"))["status"] == "completed"
    assert (await me.delete(f"/export/{job['id']}")).status in (200, 204)
    assert name not in kept(s3_server)


async def test_without_the_object_store_entries_go_on_and_files_are_unavailable(
    me: ApiClient, s3_server: S3Server
) -> None:
    journal = await write_journal(me)
    job = await exported(me, format="ndjson")
    path = f"/export/{job['id']}/download"
    whole = (await me.get(path)).body
    s3_server.stop()
    await write_entry(me, journal, title="still written")
    answer = await me.get(path)
    assert answer.status == 503
    assert "Retry-After" in answer.headers
    s3_server.start()
    assert (await me.get(path)).body == whole
