"""What an object store has against us is one sentence that names the place and no secret."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from journiv.domain.errors import JournivError, StorageFull, Unavailable
from journiv_media_s3.media import S3Media
from tests.plugins.media_s3.conftest import media_at
from tests.ports import free_port
from tests.services.s3 import BUCKET, KEY_ID, SECRET, S3Server
from tests.services.s3_relay import Relay


async def put(media: S3Media) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"x"

    await media.put("a.png", chunks(), 1)


async def read(media: S3Media) -> None:
    async for _ in media.open("a.png"):
        pass


async def keys(media: S3Media) -> None:
    async for _ in media.iter_keys():
        pass


async def delete(media: S3Media) -> None:
    await media.delete("a.png")


async def ping(media: S3Media) -> None:
    await media.ping()


USES: list[Callable[[S3Media], Awaitable[None]]] = [put, read, keys, delete, ping]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    "wrong",
    [{"access_key_id": "SOMEBODYELSE"}, {"secret_access_key": "a-wrong-secret-0123456789"}],
    ids=["key", "secret"],
)
async def test_wrong_keys(
    shared_s3: S3Server, wrong: dict[str, str], use: Callable[[S3Media], Awaitable[None]]
) -> None:
    said = await refused(use(media_at(shared_s3.url(), **wrong)))
    assert said.startswith("The object store refuses these keys (")
    assert said.endswith(f"): 127.0.0.1:{shared_s3.port}, bucket {BUCKET}.")


@pytest.mark.parametrize("use", [put, keys, ping])
async def test_a_missing_bucket(
    shared_s3: S3Server, use: Callable[[S3Media], Awaitable[None]]
) -> None:
    said = await refused(use(media_at(shared_s3.url(bucket="no-such-bucket"))))
    place = f"127.0.0.1:{shared_s3.port}, bucket no-such-bucket"
    assert said == f"There is no such bucket: {place}."


@pytest.mark.parametrize("use", USES)
async def test_nobody_answers(use: Callable[[S3Media], Awaitable[None]]) -> None:
    port = free_port()
    media = media_at(f"s3://{BUCKET}?endpoint=http://127.0.0.1:{port}", timeout_seconds=1)
    assert await refused(use(media)) == (
        f"The object store does not answer: 127.0.0.1:{port}, bucket {BUCKET}."
    )


async def test_somebody_listens_and_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        media = media_at(f"s3://{BUCKET}?endpoint=http://127.0.0.1:{port}", timeout_seconds=1)
        said = await asyncio.wait_for(refused(ping(media)), 15)
    assert said.startswith("The object store does not answer: ")


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (400, "AuthorizationHeaderMalformed", "The bucket is in another region than the one set"),
        (301, "PermanentRedirect", "The bucket is in another region than the one set"),
        (403, "AccessDenied", "The object store refuses these keys (AccessDenied)"),
        (403, "RequestTimeTooSkewed", "The object store's clock and ours differ"),
        (400, "InvalidRequest", "The object store answers InvalidRequest"),
    ],
)
async def test_each_refusal_says_what_to_look_at(
    relayed: S3Media, relay: Relay, status: int, code: str, says: str
) -> None:
    relay.answer = answers(status, code)
    assert (await refused(put(relayed))).startswith(says + ": ")


@pytest.mark.parametrize(("status", "code"), [(507, "XMinioStorageFull"), (403, "QuotaExceeded")])
async def test_a_full_object_store_is_full(
    relayed: S3Media, relay: Relay, status: int, code: str
) -> None:
    relay.answer = answers(status, code)
    with pytest.raises(StorageFull):
        await put(relayed)


async def test_an_object_store_that_is_busy_is_asked_again(relayed: S3Media, relay: Relay) -> None:
    left = [503, 500]
    relay.answer = lambda asked: web.Response(status=left.pop()) if left else None
    await put(relayed)
    assert [a.method for a in relay.asked] == ["PUT", "PUT", "PUT", "HEAD"]


async def refused(use: Awaitable[None]) -> str:
    with pytest.raises(JournivError) as raised:
        await use
    assert isinstance(raised.value, Unavailable)
    assert KEY_ID not in raised.value.detail
    assert SECRET not in raised.value.detail
    return raised.value.detail


def answers(status: int, code: str) -> Callable[[object], web.Response]:
    return lambda asked: web.Response(
        status=status, text=f"<Error><Code>{code}</Code></Error>", content_type="application/xml"
    )
