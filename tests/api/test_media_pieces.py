from __future__ import annotations

import asyncio

import pytest

from journiv.domain.ids import new_id
from tests.api.client import Answer, ApiClient
from tests.api.conftest import NewUser, StartServer, register
from tests.api.diary import Json
from tests.api.pictures import new_entry, png

DATA = png(500, 400)
PIECE = 256 * 1024


@pytest.fixture
async def person(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def entry(person: ApiClient) -> Json:
    return await new_entry(person)


async def begin(person: ApiClient, entry: Json, **fields: object) -> Json:
    body = {"entry_id": entry["id"], "size": len(DATA), "file_name": "row.png", **fields}
    answer = await person.post("/media/uploads", body)
    assert answer.status == 201, answer.json
    made: Json = answer.json
    return made


async def put(person: ApiClient, upload: Json, start: int, piece: bytes) -> Answer:
    path = f"/media/uploads/{upload['id']}?offset={start}"
    kind = {"Content-Type": "application/octet-stream"}
    return await person.request("PUT", path, data=piece, headers=kind)


async def put_all(person: ApiClient, upload: Json, start: int = 0) -> None:
    for at in range(start, len(DATA), PIECE):
        answer = await put(person, upload, at, DATA[at : at + PIECE])
        assert answer.status == 200, answer.json


async def test_a_file_in_pieces_is_the_file(person: ApiClient, entry: Json) -> None:
    upload = await begin(person, entry, alt_text="Noise")
    assert upload["received"] == 0
    assert upload["piece_size"] <= upload["max_piece_size"] <= 1_000_000
    await put_all(person, upload)
    made = await person.post(f"/media/uploads/{upload['id']}/finish")
    assert (made.status, made.json["alt_text"]) == (201, "Noise")
    assert (await person.get(f"/media/{made.json['id']}")).body == DATA
    assert (await person.get(f"/media/uploads/{upload['id']}")).status == 404


async def test_a_piece_belongs_where_the_last_one_ended(person: ApiClient, entry: Json) -> None:
    upload = await begin(person, entry)
    assert (await put(person, upload, 0, DATA[:PIECE])).json["received"] == PIECE
    for start in (0, PIECE - 1, PIECE + 1):
        refused = await put(person, upload, start, b"x" * 10)
        assert (refused.status, refused.detail) == (
            409,
            f"{PIECE} bytes are here; go on from there.",
        )
    assert (await person.get(f"/media/uploads/{upload['id']}")).json["received"] == PIECE
    early = await person.post(f"/media/uploads/{upload['id']}/finish")
    assert early.status == 409


async def test_of_two_equal_pieces_at_once_one_counts(person: ApiClient, entry: Json) -> None:
    upload = await begin(person, entry)
    answers = await asyncio.gather(*(put(person, upload, 0, DATA[:PIECE]) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    await put_all(person, upload, PIECE)
    made = (await person.post(f"/media/uploads/{upload['id']}/finish")).json
    assert (await person.get(f"/media/{made['id']}")).body == DATA


@pytest.mark.parametrize(
    ("start", "piece", "status"),
    [(0, b"", 400), (0, b"x" * 1_000_001, 413), (0, DATA + b"x", 413), (2**53, b"x", 413)],
)
async def test_a_wrong_piece_is_refused(
    person: ApiClient, entry: Json, start: int, piece: bytes, status: int
) -> None:
    upload = await begin(person, entry)
    assert (await put(person, upload, start, piece)).status == status
    assert (await person.get(f"/media/uploads/{upload['id']}")).json["received"] == 0


async def test_what_cannot_be_stored_is_refused_at_the_beginning(
    person: ApiClient, entry: Json
) -> None:
    for fields, status in (
        ({"size": 0}, 422), ({"size": 50 * 1024 * 1024 + 1}, 413), ({"size": 2**40}, 413),
        ({"entry_id": new_id()}, 404), ({"entry_id": "x"}, 422), ({"alt_text": "x" * 501}, 422),
    ):  # fmt: skip
        body = {"entry_id": entry["id"], "size": 10, **fields}
        assert (await person.post("/media/uploads", body)).status == status, fields


async def test_an_upload_can_be_given_up(person: ApiClient, entry: Json) -> None:
    upload = await begin(person, entry)
    assert (await person.delete(f"/media/uploads/{upload['id']}")).status == 204
    for answer in (
        await person.delete(f"/media/uploads/{upload['id']}"),
        await put(person, upload, 0, b"x"),
        await person.post(f"/media/uploads/{upload['id']}/finish"),
    ):
        assert (answer.status, answer.detail) == (404, "Upload not found")


async def test_nobody_has_more_than_twenty_under_way(person: ApiClient, entry: Json) -> None:
    for _ in range(20):
        await begin(person, entry)
    more = await person.post("/media/uploads", {"entry_id": entry["id"], "size": 10})
    assert more.status == 429


async def test_what_pieces_make_is_looked_at_like_anything_else(
    person: ApiClient, entry: Json
) -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    upload = await begin(person, entry, size=len(page))
    assert (await put(person, upload, 0, page)).status == 200
    refused = await person.post(f"/media/uploads/{upload['id']}/finish")
    assert refused.status == 400
    assert (await person.get(f"/entries/{entry['id']}/media")).json == []


async def test_an_upload_goes_on_after_the_server_was_killed(
    start_server: StartServer, client: ApiClient
) -> None:
    server = start_server()
    person = await register(ApiClient(client.session, server.url, server.contract), "a@example.org")
    entry = await new_entry(person)
    upload = await begin(person, entry)
    assert (await put(person, upload, 0, DATA[:PIECE])).status == 200
    server.kill()
    server.start()
    received = (await person.get(f"/media/uploads/{upload['id']}")).json["received"]
    assert received == PIECE
    await put_all(person, upload, received)
    made = (await person.post(f"/media/uploads/{upload['id']}/finish")).json
    assert (await person.get(f"/media/{made['id']}")).body == DATA
