from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer, register, sign_in
from tests.api.diary import Json
from tests.api.pictures import new_entry, png, sent, settled

NEW = "another-Lantern-quite-48"


@pytest.fixture
async def person(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def medium(person: ApiClient) -> Json:
    return await settled(person, await sent(person, await new_entry(person), png(40, 30)))


def changed(url: str, **fields: str | None) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    for name, value in fields.items():
        query.pop(name)
        if value is not None:
            query[name] = value
    return f"{parts.path}?{urlencode(query)}"


async def test_MED_1_no_byte_is_sent_without_a_proof(
    person: ApiClient, medium: Json, new_user: NewUser
) -> None:
    nobody, other = person.anonymous(), await new_user()
    path = f"/media/{medium['id']}"
    for place in (path, f"{path}/thumbnail", f"{path}/info", f"{path}/details", f"{path}/sign"):
        assert (await nobody.get(place)).status == 401, place
        assert (await other.get(place)).status == 404, place
    for place in (f"{path}/signed", f"{path}/thumbnail/signed"):
        for asking in (nobody, other, person):  # a token does not help where a signature is due
            assert (await asking.get(place)).status == 403, place
    for place in (path, f"/media/{medium['file_path']}", f"/{medium['file_path']}"):
        stray = await nobody.get(place, root=True)
        assert (stray.status, stray.headers["Content-Type"]) == (404, "application/problem+json")


async def test_MED_2_a_signed_address_opens_what_it_names_and_nothing_else(
    person: ApiClient, medium: Json, new_user: NewUser
) -> None:
    nobody, url = person.anonymous(), medium["signed_url"]
    assert (await nobody.get(url, root=True)).body == png(40, 30)
    assert (await nobody.get(url.removeprefix("/api/v1"), root=True)).body == png(40, 30)
    second = await sent(person, await new_entry(person), png(seed=2))
    other = await new_user()
    sig = dict(parse_qsl(urlsplit(url).query))["sig"]
    turned = base64.urlsafe_b64encode(base64.urlsafe_b64decode(sig + "=")[::-1]).decode()[:43]
    for altered in (
        url.replace(medium["id"], second["id"]),
        url.replace("/signed", "/thumbnail/signed"),
        changed(url, uid=other.user["id"]), changed(url, uid="x"), changed(url, uid=None),
        changed(url, exp="4102444800"), changed(url, exp=None),
        changed(url, sig=turned), changed(url, sig=""), changed(url, sig=None),
        changed(url, sig="Ä" * 43), medium["signed_thumbnail_url"] + "&size=large",
    ):  # fmt: skip
        refused = await nobody.get(altered, root=True)
        assert (refused.status, refused.headers["Cache-Control"]) == (403, "no-store"), altered


async def test_MED_2_a_new_password_ends_every_address(person: ApiClient, medium: Json) -> None:
    body = {"current_password": person.password, "new_password": NEW}
    assert (await person.put("/users/me", body)).status == 200
    for url in (medium["signed_url"], medium["signed_thumbnail_url"]):
        assert (await person.anonymous().get(url, root=True)).status == 403
    again = await sign_in(person, person.user["email"], NEW)
    shown = (await again.get(f"/media/{medium['id']}/details")).json
    assert (await person.anonymous().get(shown["signed_url"], root=True)).status == 200


async def test_MED_2_an_address_ends_with_its_medium_and_its_account(
    person: ApiClient, medium: Json
) -> None:
    second = await sent(person, await new_entry(person), png(seed=2))
    await person.delete(f"/media/{medium['id']}")
    assert (await person.anonymous().get(medium["signed_url"], root=True)).status == 404
    assert (await person.anonymous().get(second["signed_url"], root=True)).status == 200
    gone = await person.delete("/users/me", json={"password": person.password})
    assert gone.status == 200, gone.json
    assert (await person.anonymous().get(second["signed_url"], root=True)).status == 403


async def test_MED_2_and_MED_3_an_address_ends_after_its_time(
    start_server: StartServer, client: ApiClient
) -> None:
    settings = {
        "MEDIA_SIGNED_URL_TTL_SECONDS": "1", "MEDIA_SIGNED_URL_GRACE_SECONDS": "0",
        "JOURNIV_TEST_CLOCK": "=2026-05-01T12:00:00Z",
    }  # fmt: skip
    server = start_server(**settings)
    person = await register(ApiClient(client.session, server.url, server.contract), "a@example.org")
    medium = await sent(person, await new_entry(person), png())
    assert (await person.anonymous().get(medium["signed_url"], root=True)).status == 200
    server.restart(JOURNIV_TEST_CLOCK="=2026-05-01T12:00:03Z")
    assert (await person.anonymous().get(medium["signed_url"], root=True)).status == 403


async def test_MED_3_addresses_live_as_long_as_they_say(person: ApiClient, medium: Json) -> None:
    import time

    left = medium["signed_url_expires_at"] - time.time()
    assert 0 < left <= 300
    assert 0 < medium["signed_thumbnail_expires_at"] - time.time() <= 86_400
    opened = await person.anonymous().get(medium["signed_url"], root=True)
    fresh_for = int(opened.headers["Cache-Control"].rpartition("=")[2])
    assert fresh_for <= left


async def test_an_address_can_be_asked_for(person: ApiClient, medium: Json) -> None:
    for variant, kind in (("original", "image/png"), ("thumbnail", "image/webp"),
                          ("large", "image/webp")):  # fmt: skip
        signed = (await person.get(f"/media/{medium['id']}/sign?variant={variant}")).json
        got = await person.anonymous().get(signed["signed_url"], root=True)
        assert (got.status, got.headers["Content-Type"]) == (200, kind), variant
    assert (await person.get(f"/media/{medium['id']}/sign?variant=huge")).status == 422


async def test_many_addresses_can_be_asked_for(
    person: ApiClient, medium: Json, new_user: NewUser
) -> None:
    other = await new_user()
    theirs = await sent(other, await new_entry(other), png())
    items = [{"id": medium["id"]}, {"id": medium["id"], "variant": "thumbnail"},
             {"id": theirs["id"]}, {"id": new_id()}]  # fmt: skip
    signed = (await person.post("/media/batch-sign", {"items": items})).json
    assert [(one["id"], one["variant"]) for one in signed["results"]] == [
        (medium["id"], "original"), (medium["id"], "thumbnail"),
    ]  # fmt: skip
    assert [one["id"] for one in signed["errors"]] == [theirs["id"], items[3]["id"]]
    for one in signed["results"]:
        assert (await person.anonymous().get(one["signed_url"], root=True)).status == 200
    for refused in ([], [{"id": new_id()}] * 101, [{"id": "x"}]):
        assert (await person.post("/media/batch-sign", {"items": refused})).status == 422


async def test_SES_2_an_upload_begun_before_a_new_password_is_not_taken_after_it(
    person: ApiClient,
) -> None:
    entry = await new_entry(person)
    owner = await sign_in(person, person.user["email"])

    async def body() -> AsyncIterator[bytes]:
        head = 'Content-Disposition: form-data; name="'
        yield f'--x\r\n{head}entry_id"\r\n\r\n{entry["id"]}\r\n'.encode()
        yield f'--x\r\n{head}file"; filename="a.png"\r\n\r\n'.encode() + png()[:20]
        changed = {"current_password": owner.password, "new_password": NEW}
        assert (await owner.put("/users/me", changed)).status == 200
        yield png()[20:] + b"\r\n--x--\r\n"

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    refused = await person.request("POST", "/media/upload", data=body(), headers=kind)
    assert refused.status == 401
    again = await sign_in(owner, owner.user["email"], NEW)
    assert (await again.get(f"/entries/{entry['id']}/media")).json == []
