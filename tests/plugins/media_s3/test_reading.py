from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from journiv.domain.errors import NotFound, Unavailable
from journiv_media_s3.media import PROBE, S3Media
from tests.plugins.media_s3.conftest import media_at
from tests.services.s3 import BUCKET, S3Server
from tests.services.s3_relay import Relay

KEY = "user/film.mp4"
FILM = bytes(range(256)) * 4096 * 3


async def stored(media: S3Media, key: str = KEY, data: bytes = FILM) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield data

    await media.put(key, chunks(), len(data))


async def read(media: S3Media, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in media.open(KEY, start, end)])


async def test_only_the_range_is_asked_for(relayed: S3Media, relay: Relay) -> None:
    await stored(relayed)
    assert await read(relayed, 1000, 2000) == FILM[1000:2000]
    assert await read(relayed, 1000) == FILM[1000:]
    assert [a.headers.get("Range") for a in relay.asked[-2:]] == ["bytes=1000-1999", "bytes=1000-"]


async def test_a_server_that_ignores_ranges_gives_the_same_bytes(
    direct: S3Media, shared_s3: S3Server
) -> None:
    await stored(direct)
    assert await read(direct, 300_000, 800_001) == FILM[300_000:800_001]
    assert await read(direct, 300_000) == FILM[300_000:]


async def test_a_reader_may_stop_early(direct: S3Media) -> None:
    await stored(direct)
    async for chunk in direct.open(KEY):
        assert FILM.startswith(bytes(chunk))
        break
    assert await read(direct) == FILM


async def test_an_answer_that_breaks_goes_on_where_it_was(relayed: S3Media, relay: Relay) -> None:
    await stored(relayed)
    relay.most = 1_000_000
    assert await read(relayed) == FILM
    again = [asked.headers.get("Range", "") for asked in relay.asked if asked.method == "GET"]
    starts = [int(asked[6:].partition("-")[0]) for asked in again if asked]
    assert starts, "the rest was asked for"
    assert starts == sorted(set(starts))


async def test_an_object_store_that_goes_away_while_read_is_an_error_and_no_end(
    s3_server: S3Server,
) -> None:
    media = media_at(s3_server.url(), timeout_seconds=1)
    large = FILM * 4
    await stored(media, data=large)
    chunks = media.open(KEY)
    got = len(await anext(chunks))
    s3_server.stop()
    with pytest.raises(Unavailable):
        got += len(b"".join([chunk async for chunk in chunks]))
    assert 0 < got < len(large)


async def test_a_bucket_that_is_gone_is_not_a_medium_that_is_not_there(
    relayed: S3Media, relay: Relay
) -> None:
    with pytest.raises(NotFound):
        await read(relayed)
    relay.answer = lambda asked: web.Response(
        status=404, text="<Error><Code>NoSuchBucket</Code></Error>"
    )
    with pytest.raises(Unavailable):
        await read(relayed)


async def test_only_keys_are_listed_and_only_below_the_prefix(
    direct: S3Media, shared_s3: S3Server, prefix: str
) -> None:
    above = media_at(shared_s3.url())
    await stored(above, f"{prefix}-other/a.png", b"x")
    (shared_s3.folder / BUCKET / prefix).mkdir(parents=True)
    (shared_s3.folder / BUCKET / prefix / "not a key").write_bytes(b"x")
    await direct.ping()
    await stored(direct, "user/a.png", b"x")
    assert [key async for key in direct.iter_keys()] == ["user/a.png"]
    assert [key async for key in above.iter_keys(f"{prefix}/")] == [f"{prefix}/user/a.png"]
    assert f"{prefix}/{PROBE}" in shared_s3.files()


async def test_more_keys_than_one_answer_holds_are_listed(s3_server: S3Server) -> None:
    names = {f"{number:04}.png" for number in range(1203)}
    for name in names:
        (s3_server.folder / BUCKET / name).write_bytes(b"")
    media = media_at(s3_server.url())
    assert {key async for key in media.iter_keys()} == names
    assert len([key async for key in media.iter_keys("00")]) == 100
