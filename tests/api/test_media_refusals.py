"""What is not taken, and that nothing of it stays (security.md §4.6, UPL)."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import MultipartWriter

from tests.api.client import Answer, ApiClient
from tests.api.conftest import NewStore, NewUser, StartServer, register
from tests.api.diary import Json
from tests.api.pictures import new_entry, png, send, sent
from tests.api.server import ServerProcess

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, new_store: NewStore
) -> Iterator[ServerProcess]:
    """A server with narrow limits."""
    limits = {"MAX_FILE_SIZE_MB": "1", "MEDIA_MAX_FILES": "3", "MEDIA_QUOTA_MB": "2"}
    process = ServerProcess(tmp_path_factory.mktemp("narrow"), {**new_store(), **limits})
    process.start()
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


@pytest.fixture(scope="module")
def signed_in() -> dict[str, ApiClient]:
    """Who signed in there."""
    return {}


@pytest.fixture
async def person(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def entry(person: ApiClient) -> Json:
    return await new_entry(person)


def files(server: ServerProcess, person: ApiClient) -> list[Path]:
    """What is kept of a person, and whatever lies where uploads are looked at."""
    media = server.folder / "data" / "media"
    places = (media / person.user["id"], media / ".staging")
    found = (path for place in places for path in place.rglob("*"))
    return [path for path in found if path.is_file() and ".made" not in path.parts]


def originals(server: ServerProcess, person: ApiClient) -> list[Path]:
    mine = files(server, person)
    return [path for path in mine if person.user["id"] in path.parts and "_" not in path.name]


def padded(size: int, seed: int = 1) -> bytes:
    """A PNG of exactly this size: what comes after IEND would be refused, so the noise is long."""
    rows = (size - 200) // 301
    data = png(100, rows, seed=seed)
    missing = size - len(data)
    assert 0 <= missing < 3000
    comment = b"tEXt" + b"c\0" + b"x" * (missing - 14)
    chunk = struct.pack(">I", len(comment) - 4) + comment + struct.pack(">I", zlib.crc32(comment))
    return data[:-12] + chunk + data[-12:]


async def in_chunks(person: ApiClient, entry: Json, data: bytes) -> Answer:
    """Upload without saying how long it is."""
    with MultipartWriter("form-data") as form:
        form.append(entry["id"]).set_content_disposition("form-data", name="entry_id")
        part = form.append(io.BytesIO(data))
        part.set_content_disposition("form-data", name="file", filename="row.png")

    class Sink(bytearray):
        async def write(self, chunk: bytes) -> None:
            self.extend(chunk)

    sink = Sink()
    await form.write(sink)

    async def body() -> AsyncIterator[bytes]:
        for start in range(0, len(sink), 60_000):
            yield bytes(sink[start : start + 60_000])

    kind = {"Content-Type": form.content_type}
    return await person.request("POST", "/media/upload", data=body(), headers=kind)


async def test_UPL_1_the_limit_is_exact_with_a_length_and_without_one(
    server: ServerProcess, person: ApiClient, entry: Json
) -> None:
    fits, long = padded(MEGABYTE), padded(MEGABYTE + 1, seed=2)
    assert (len(fits), len(long)) == (MEGABYTE, MEGABYTE + 1)
    for upload in (send(person, entry["id"], fits), in_chunks(person, entry, fits)):
        assert (await upload).status == 201
    kept = originals(server, person)
    assert len(kept) == 1
    for upload in (send(person, entry["id"], long), in_chunks(person, entry, long)):
        refused = await upload
        assert (refused.status, refused.detail) == (413, "The file is larger than 1 MB.")
    assert originals(server, person) == kept


@pytest.mark.parametrize(
    ("data", "name", "detail"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.svg", "Mime type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.png", "Mime type"),
        (b"<!doctype html><script>alert(1)</script>", "x.jpg", "Mime type"),
        (b"<?xml version='1.0'?><a/>", "x.gif", "Mime type"),
        (b"<?php echo 1;", "x.png", "Mime type"),
        (b"MZ\x90\0" + bytes(200), "x.png", "Mime type"),
        (b"#EXTM3U\nhttp://example.org/", "x.mp3", "Mime type"),
        (b"PK\x03\x04" + bytes(100), "x.png", "Mime type"),
        (png(), "x.html", "File extension not allowed"),
        (png(), "x.svg", "File extension not allowed"),
        (png(), "x.jpg", "The name of the file does not fit: it is image/png."),
        (png(), "x.mp4", "The name of the file does not fit: it is image/png."),
    ],
)
async def test_UPL_2_and_UPL_9_what_is_not_taken_leaves_nothing(
    server: ServerProcess, person: ApiClient, entry: Json, data: bytes, name: str, detail: str
) -> None:
    refused = await send(person, entry["id"], data, name)
    assert refused.status == 400
    assert refused.detail.startswith(detail)
    assert files(server, person) == []
    assert (await person.get(f"/entries/{entry['id']}/media")).json == []


async def test_UPL_8_a_quota_and_a_number_of_files_end_in_507(
    server: ServerProcess, person: ApiClient, entry: Json
) -> None:
    media = [await sent(person, entry, padded(600_000, seed=seed)) for seed in range(3)]
    full = await send(person, entry["id"], png(seed=9))
    assert (full.status, full.detail) == (507, "You have 3 files, and no more are taken.")
    await person.delete(f"/media/{media[0]['id']}")
    over = await send(person, entry["id"], padded(MEGABYTE, seed=8))
    assert over.status == 507
    assert "2 MB" in over.detail
    kept = {path.name.partition(".")[0] for path in originals(server, person)}
    assert kept <= {medium["id"] for medium in media}


async def test_UPL_8_a_disk_that_is_nearly_full_takes_no_media(
    start_server: StartServer, client: ApiClient
) -> None:
    server = start_server(MEDIA_MIN_FREE_MB="999999999")
    person = await register(ApiClient(client.session, server.url, server.contract), "a@example.org")
    entry = await new_entry(person)
    full = await send(person, entry["id"], png())
    begun = await person.post("/media/uploads", {"entry_id": entry["id"], "size": 9})
    assert (full.status, begun.status) == (507, 507)
    assert files(server, person) == []
    assert (await person.get(f"/entries/{entry['id']}")).status == 200


async def test_a_sender_that_goes_away_leaves_nothing(
    server: ServerProcess, person: ApiClient, entry: Json
) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        yield png(100, 100)
        raise ConnectionResetError

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    with pytest.raises((OSError, RuntimeError)):
        await person.request("POST", "/media/upload", data=body(), headers=kind)
    for _ in range(100):
        if not files(server, person):
            break
        await asyncio.sleep(0.05)
    assert files(server, person) == []
    assert await sent(person, entry, png())


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"--x--", 400),
        ("multipart/form-data; boundary=x", b"nothing of it", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nno name\r\n--x--\r\n", 400),
        ("multipart/form-data; boundary=x", b"--x--\r\n", 422),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="alt_text"\r\n\r\n'
            + b"y" * 9000 + b"\r\n--x--\r\n",
            400,
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nab',
            400,
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="alt_text"\r\n\r\n\xff\r\n--x--\r\n',
            400,
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="K\x19"\r\n\r\n1\r\n--x--\r\n',
            400,
        ),
    ],
)  # fmt: skip
async def test_a_broken_form_is_refused(
    server: ServerProcess, person: ApiClient, kind: str, body: bytes, status: int
) -> None:
    imported = await person.request(
        "POST", "/import/upload", data=body, headers={"Content-Type": kind}
    )
    assert 400 <= imported.status < 500, imported.json
    answer = await person.request(
        "POST", "/media/upload", data=body, headers={"Content-Type": kind}
    )
    assert answer.status == status, answer.json
    assert files(server, person) == []


@pytest.mark.parametrize("path", ["/media/upload", "/import/upload"])
async def test_a_compressed_form_is_refused(person: ApiClient, path: str) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x", "Content-Encoding": "gzip"}
    answer = await person.request("POST", path, data=b"--x--", headers=kind)
    assert (answer.status, answer.detail) == (415, "Send the body uncompressed.")
