from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import web

from journiv.domain.errors import Invalid, StorageFull, Unavailable
from journiv_media_s3.media import S3Media
from tests.plugins.media_s3 import memory
from tests.plugins.media_s3.conftest import media_at
from tests.services.s3 import S3Server
from tests.services.s3_relay import Asked, Relay

MIB = 1024 * 1024
KEY = "user/film.mp4"
FILM = bytes(range(256)) * 4096 * 13
"""13 MiB: three parts."""


async def film(size: int = len(FILM)) -> AsyncIterator[bytes]:
    for start in range(0, size, 256 * 1024):
        yield FILM[start : min(size, start + 256 * 1024)]


async def read(media: S3Media) -> bytes:
    return b"".join([chunk async for chunk in media.open(KEY)])


@pytest.mark.parametrize(
    ("size", "parts"),
    [(5 * MIB - 1, 0), (5 * MIB, 0), (5 * MIB + 1, 2), (10 * MIB, 2), (len(FILM), 3)],
)
async def test_more_than_a_part_goes_in_parts(
    relayed: S3Media, relay: Relay, size: int, parts: int
) -> None:
    stored = await relayed.put(KEY, film(size), size)
    assert stored.size == size
    assert await read(relayed) == FILM[:size]
    assert sum("partNumber=" in asked.path for asked in relay.asked) == parts


async def test_an_upload_that_breaks_leaves_nothing_of_its_parts(
    direct: S3Media, shared_s3: S3Server, prefix: str
) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        async for chunk in film():
            yield chunk
        assert lying(shared_s3, prefix), "parts were sent"
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        await direct.put(KEY, breaking(), 100 * MIB)
    assert lying(shared_s3, prefix) == []


async def test_beyond_the_limit_nothing_of_its_parts_is_left(
    direct: S3Media, shared_s3: S3Server, prefix: str
) -> None:
    with pytest.raises(Invalid):
        await direct.put(KEY, film(), len(FILM) - 1)
    assert lying(shared_s3, prefix) == []


async def test_a_cancelled_upload_leaves_nothing_of_its_parts(
    direct: S3Media, shared_s3: S3Server, prefix: str
) -> None:
    stalled = asyncio.Event()

    async def stalling() -> AsyncIterator[bytes]:
        async for chunk in film():
            yield chunk
        while not lying(shared_s3, prefix):
            await asyncio.sleep(0.01)
        stalled.set()
        await asyncio.Event().wait()

    upload = asyncio.ensure_future(direct.put(KEY, stalling(), 100 * MIB))
    await stalled.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert lying(shared_s3, prefix) == []


async def test_the_object_store_may_refuse_in_the_middle(relayed: S3Media, relay: Relay) -> None:
    taken = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal taken
        async for chunk in film():
            for _ in range(8):
                taken += len(chunk)
                yield chunk

    relay.answer = lambda asked: refusal(507, "QuotaExceeded") if "part" in asked.path else None
    with pytest.raises(StorageFull) as raised:
        await asyncio.wait_for(relayed.put(KEY, counted(), 1000 * MIB), 30)
    assert raised.value.detail == "The object store is full."
    assert taken < 40 * MIB, "the rest was not asked for"
    assert any(a.method == "DELETE" and "uploadId=" in a.path for a in relay.asked), "given up"
    assert await relayed.stat(KEY) is None


async def test_a_part_that_fails_once_is_sent_again(relayed: S3Media, relay: Relay) -> None:
    failed: list[Asked] = []

    def once(asked: Asked) -> web.Response | None:
        if "partNumber=2" not in asked.path or failed:
            return None
        failed.append(asked)
        return refusal(503, "SlowDown")

    relay.answer = once
    await relayed.put(KEY, film(), len(FILM))
    assert await read(relayed) == FILM
    assert failed


async def test_an_object_store_that_goes_away_in_the_middle_is_said_and_leaves_no_object(
    s3_server: S3Server,
) -> None:
    media = media_at(s3_server.url(), timeout_seconds=2)

    async def while_it_goes() -> AsyncIterator[bytes]:
        async for chunk in film():
            yield chunk
        s3_server.stop()
        async for chunk in film():
            yield chunk

    with pytest.raises(Unavailable) as raised:
        await asyncio.wait_for(media.put(KEY, while_it_goes(), 100 * MIB), 30)
    assert raised.value.detail.startswith("The object store does not answer: 127.0.0.1:")
    s3_server.start()
    assert await media.stat(KEY) is None
    assert (await media.put(KEY, film(), len(FILM))).size == len(FILM), "and it goes on"


def test_an_upload_of_64_mib_is_never_in_memory_whole(shared_s3: S3Server, prefix: str) -> None:
    done = subprocess.run(
        [sys.executable, memory.__file__, shared_s3.url(prefix), "64"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 40 * MIB


def lying(server: S3Server, prefix: str) -> list[str]:
    """Return what is on the object store's disk below the prefix, unfinished or not."""
    with suppress(FileNotFoundError):
        return [name for name in server.files() if name.startswith(prefix)]
    return ["something, which just went"]


def refusal(status: int, code: str) -> web.Response:
    """Return what an object store says when it will not."""
    return web.Response(status=status, text=f"<Error><Code>{code}</Code></Error>")
