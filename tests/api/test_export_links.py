"""Exports are downloaded in parts, again only when they changed, and by addresses that end."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer, register, sign_in
from tests.api.diary import Json, write_entry, write_journal
from tests.api.transfers import exported

NEW = "another-Lantern-quite-48"


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def job(me: ApiClient) -> Json:
    await write_entry(me, await write_journal(me), title="T")
    return await exported(me, format="ndjson")


async def link_of(who: ApiClient, job: Json) -> str:
    answer = await who.get(f"/export/{job['id']}/sign")
    assert answer.status == 200, answer.json
    url: str = answer.json["signed_url"]
    return url


def changed(url: str, **fields: str | None) -> str:
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), **fields}
    kept = {name: value for name, value in query.items() if value is not None}
    return f"{parts.path}?{urlencode(kept)}"


async def test_EXP_3_a_link_downloads_its_export_without_a_token_and_no_other(
    me: ApiClient, job: Json, new_user: NewUser
) -> None:
    url, nobody, other = await link_of(me, job), me.anonymous(), await new_user()
    whole = (await me.get(f"/export/{job['id']}/download")).body
    opened = await nobody.get(url, root=True)
    assert (opened.status, opened.body) == (200, whole)
    assert opened.headers["Cache-Control"] == "no-store"
    assert opened.headers["Content-Disposition"].startswith("attachment; filename=")
    second = await exported(me, format="ndjson")
    for altered in (
        url.replace(job["id"], second["id"]),
        url.replace("/download/signed", "/download/signed/").replace("/export/", "/media/"),
        changed(url, uid=other.user["id"]), changed(url, uid=None), changed(url, uid="x"),
        changed(url, exp="4102444800"), changed(url, exp=None),
        changed(url, sig="A" * 43), changed(url, sig=None), changed(url, sig="Ä"),
    ):  # fmt: skip
        refused = await nobody.get(altered, root=True)
        assert refused.status in (403, 404), altered
        assert whole not in refused.body
    assert (await other.get(f"/export/{job['id']}/sign")).status == 403
    assert (await nobody.get(f"/export/{job['id']}/sign")).status == 401


async def test_EXP_3_a_link_ends_with_its_export_and_with_a_new_password(
    me: ApiClient, job: Json
) -> None:
    second = await exported(me, format="ndjson")
    first_url, url = await link_of(me, job), await link_of(me, second)
    assert (await me.delete(f"/export/{job['id']}")).status == 204
    assert (await me.anonymous().get(first_url, root=True)).status == 404
    body = {"current_password": me.password, "new_password": NEW}
    assert (await me.put("/users/me", body)).status == 200
    assert (await me.anonymous().get(url, root=True)).status == 403
    again = await sign_in(me, me.user["email"], NEW)
    renewed = await link_of(again, second)
    assert (await again.anonymous().get(renewed, root=True)).status == 200
    gone = await again.delete("/users/me", json={"password": NEW})
    assert gone.status == 200, gone.json
    assert (await again.anonymous().get(renewed, root=True)).status == 403


async def test_EXP_3_a_link_lives_for_an_hour(start_server: StartServer, client: ApiClient) -> None:
    server = start_server(JOURNIV_TEST_CLOCK="=2026-05-01T12:00:00Z")
    me = await register(ApiClient(client.session, server.url, server.contract), "a@example.org")
    job = await exported(me, format="ndjson")
    signed = (await me.get(f"/export/{job['id']}/sign")).json
    assert signed["expires_at"] == 1_777_640_400
    server.restart(JOURNIV_TEST_CLOCK="=2026-05-01T12:59:59Z")
    assert (await me.anonymous().get(signed["signed_url"], root=True)).status == 200
    server.restart(JOURNIV_TEST_CLOCK="=2026-05-01T13:00:02Z")
    assert (await me.anonymous().get(signed["signed_url"], root=True)).status == 403


async def test_a_download_goes_on_where_it_was_cut(me: ApiClient, job: Json) -> None:
    nobody, url = me.anonymous(), await link_of(me, job)
    whole = await nobody.get(url, root=True)
    etag, size = whole.headers["ETag"], len(whole.body)
    for path, who in ((url, nobody), (f"/api/v1/export/{job['id']}/download", me)):
        rest = {"Range": "bytes=10-", "If-Range": etag}
        part = await who.get(path, root=True, headers=rest)
        assert (part.status, part.body) == (206, whole.body[10:])
        assert part.headers["Content-Range"] == f"bytes 10-{size - 1}/{size}"
        other = await who.get(path, root=True, headers={**rest, "If-Range": '"another"'})
        assert (other.status, other.body) == (200, whole.body)
        beyond = await who.get(path, root=True, headers={"Range": f"bytes={size}-"})
        assert beyond.status == 416
        known = await who.get(path, root=True, headers={"If-None-Match": etag})
        assert (known.status, known.body) == (304, b"")
        head = await who.request("HEAD", path, root=True)
        assert (head.status, head.headers["Content-Length"]) == (200, str(size))
