"""What the URL and the settings make of the requests."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from obstore import sign

from journiv.domain.errors import ConfigError
from journiv_media_s3.media import S3Media
from tests.plugins.media_s3.conftest import bucket, media_at, through
from tests.services.s3 import BUCKET, KEY_ID, S3Server
from tests.services.s3_relay import Asked, Relay, relay_before

KEY = "user/film.mp4"
PART = 5 * 1024 * 1024
SECRET_KEY = base64.b64encode(bytes(range(32))).decode()


async def put(media: S3Media, size: int = 3) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield bytes(size)

    await media.put(KEY, chunks(), size)


def written(relay: Relay) -> Asked:
    """Return the request that decides how an object is kept."""
    return next(a for a in relay.asked if a.method == "PUT" or a.path.endswith("?uploads="))


@pytest.mark.parametrize("size", [3, PART + 1], ids=["one request", "in parts"])
@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        ({}, {}),
        ({"encryption": "s3"}, {"x-amz-server-side-encryption": "AES256"}),
        ({"encryption": "kms"}, {"x-amz-server-side-encryption": "aws:kms"}),
        (
            {"encryption": "kms", "kms_key_id": "arn:aws:kms:eu-central-1:1:key/2"},
            {
                "x-amz-server-side-encryption": "aws:kms",
                "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-central-1:1:key/2",
            },
        ),
        (
            {"encryption": "customer", "customer_key": SECRET_KEY},
            {
                "x-amz-server-side-encryption-customer-algorithm": "AES256",
                "x-amz-server-side-encryption-customer-key": SECRET_KEY,
                "x-amz-server-side-encryption-customer-key-MD5": base64.b64encode(
                    hashlib.md5(bytes(range(32))).digest()
                ).decode(),
            },
        ),
    ],
)
async def test_encryption_is_asked_for_where_an_object_is_made(
    relay: Relay, prefix: str, settings: dict[str, Any], headers: dict[str, str], size: int
) -> None:
    await put(media_at(at(relay, prefix), **settings), size)
    sent = written(relay).headers
    asked = {name: sent[name] for name in sent if "encryption" in name.lower()}
    assert {name.lower(): value for name, value in asked.items()} == {
        name.lower(): value for name, value in headers.items()
    }


async def test_a_key_of_ones_own_goes_with_every_part_and_every_read(
    relay: Relay, prefix: str
) -> None:
    media = media_at(at(relay, prefix), encryption="customer", customer_key=SECRET_KEY)
    await put(media, PART + 1)
    assert len([chunk async for chunk in media.open(KEY)]) > 0
    name = "x-amz-server-side-encryption-customer-key"
    for asked in relay.asked:
        if "partNumber=" in asked.path or asked.method in {"GET", "HEAD"}:
            assert asked.headers.get(name) == SECRET_KEY, asked.path


async def test_a_checksum_goes_with_the_bytes(relay: Relay, prefix: str) -> None:
    await put(media_at(at(relay, prefix), checksum="sha256"))
    expected = base64.b64encode(hashlib.sha256(bytes(3)).digest()).decode()
    assert written(relay).headers["x-amz-checksum-sha256"] == expected


async def test_requests_are_signed_for_the_region(relay: Relay, prefix: str) -> None:
    await put(media_at(at(relay, prefix) + "&region=eu-central-1", session_token="a-token"))
    signed = written(relay).headers
    assert signed["Authorization"].startswith(f"AWS4-HMAC-SHA256 Credential={KEY_ID}/")
    assert "/eu-central-1/s3/aws4_request" in signed["Authorization"]
    assert signed["x-amz-security-token"] == "a-token"
    assert signed["x-amz-content-sha256"] == hashlib.sha256(bytes(3)).hexdigest()


async def test_the_bucket_is_in_the_path(relay: Relay, prefix: str) -> None:
    await put(media_at(at(relay, prefix)))
    assert written(relay).path == f"/{BUCKET}/{prefix}/{KEY}"


async def test_or_the_bucket_is_in_the_host_name(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    server = S3Server(tmp_path_factory.mktemp("s3"), "--force-path-style=false")
    server.start()
    try:
        async with relay_before(server.endpoint) as relay:
            url = f"s3://{BUCKET}/x?endpoint=http://objects.example.org&style=virtual"
            await put(S3Media(through(relay, bucket(url))))
    finally:
        server.stop()
    assert written(relay).headers["Host"] == f"{BUCKET}.objects.example.org"
    assert written(relay).path == f"/x/{KEY}"


@pytest.mark.parametrize(
    ("style", "address"),
    [
        ("path", "https://s3.eu-central-1.amazonaws.com/pictures-of-mine/x/a.png?"),
        ("virtual", "https://pictures-of-mine.s3.eu-central-1.amazonaws.com/x/a.png?"),
    ],
)
def test_without_an_endpoint_it_is_amazons_of_the_region(style: str, address: str) -> None:
    store = bucket(f"s3://pictures-of-mine/x?region=eu-central-1&style={style}").open()
    assert sign(store, "GET", "a.png", timedelta(seconds=1)).startswith(address)


@pytest.mark.parametrize(
    ("url", "settings", "says"),
    [
        ("s3:///prefix", {}, "must be s3://bucket/prefix"),
        ("s3://key:secret@bucket", {}, "keys are settings of their own"),
        ("s3://bucket?endpont=https://x", {}, "asks for endpont; it may say endpoint, region"),
        ("s3://bucket?style=dots", {}, "path or virtual"),
        ("s3://bucket?endpoint=ftp://x", {}, "must be https://host or http://host"),
        ("s3://bucket?endpoint=objects.example.org", {}, "must be https://host or http://host"),
        ("s3://bucket?endpoint=https://key:secret@x", {}, "must be https://host or http://host"),
        ("s3://bucket", {"secret_access_key": None}, "AWS_SECRET_ACCESS_KEY go together"),
        ("s3://bucket", {"access_key_id": None}, "AWS_SECRET_ACCESS_KEY go together"),
        ("s3://bucket", {"encryption": "customer"}, "must be 32 bytes in base64"),
        ("s3://bucket", {"encryption": "customer", "customer_key": "c2hvcnQ="}, "32 bytes"),
        ("s3://bucket", {"encryption": "customer", "customer_key": "not base64"}, "32 bytes"),
    ],
)
def test_what_is_set_wrong_is_a_sentence_without_secrets(
    url: str, settings: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        bucket(url, **settings)
    assert says in str(raised.value)
    assert "secret@" not in str(raised.value)


def test_secrets_are_in_no_repr() -> None:
    made = bucket(f"s3://{BUCKET}", encryption="customer", customer_key=SECRET_KEY)
    assert SECRET_KEY not in repr(made)
    assert KEY_ID not in repr(made)


def test_plain_http_is_only_for_an_endpoint_that_says_so() -> None:
    assert not bucket("s3://bucket").client["allow_http"]
    assert not bucket("s3://bucket?endpoint=https://x").client["allow_http"]
    assert bucket("s3://bucket?endpoint=http://x").client["allow_http"]
    assert bucket("s3://bucket", timeout_seconds=3).client["read_timeout"] == timedelta(seconds=3)


def at(relay: Relay, prefix: str) -> str:
    return f"s3://{BUCKET}/{prefix}?endpoint={relay.endpoint}"
