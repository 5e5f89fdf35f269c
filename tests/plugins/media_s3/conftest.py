from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from journiv.domain.ids import new_id
from journiv_media_s3.bucket import Bucket, bucket_at
from journiv_media_s3.media import S3Media
from journiv_media_s3.settings import SCHEMA
from tests.services.s3 import BUCKET, KEY_ID, SECRET, S3Server
from tests.services.s3_relay import Relay, relay_before

MediaAt = Callable[..., S3Media]


@pytest.fixture(scope="session")
def shared_s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """An object store for all tests; each takes a prefix of its own."""
    server = S3Server(tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A running object store of one test's own, to stop and to start again."""
    server = S3Server(tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def relay(shared_s3: S3Server) -> AsyncIterator[Relay]:
    """Between the test and the shared object store."""
    async with relay_before(shared_s3.endpoint) as running:
        yield running


@pytest.fixture
def prefix() -> str:
    """A folder that no other test uses."""
    return f"tests/{new_id()}"


@pytest.fixture
def direct(shared_s3: S3Server, prefix: str) -> S3Media:
    """Media at the shared object store."""
    return media_at(shared_s3.url(prefix))


@pytest.fixture
def relayed(relay: Relay, prefix: str) -> S3Media:
    """The same media by way of the relay."""
    return media_at(f"s3://{BUCKET}/{prefix}?endpoint={relay.endpoint}")


def bucket(url: str, **settings: Any) -> Bucket:
    """Read a URL with the keys of the test server, and defaults for what is not given."""
    defaults = {name: rules["default"] for name, rules in SCHEMA.items()}
    keys = {"access_key_id": KEY_ID, "secret_access_key": SECRET}
    return bucket_at(url, defaults | keys | settings)


def media_at(url: str, **settings: Any) -> S3Media:
    """Make a media store; nobody is asked yet."""
    return S3Media(bucket(url, **settings))


def through(proxy: Relay, made: Bucket) -> Bucket:
    """Return a bucket whose host names need not exist: requests go to the relay."""
    return replace(made, client={**made.client, "proxy_url": proxy.endpoint})
