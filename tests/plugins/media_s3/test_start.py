"""A real server starts on an object store, or says in one sentence why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.conftest import StartServer, start_server
from tests.ports import free_port
from tests.services.s3 import BUCKET, KEY_ID, SECRET, S3Server

__all__ = ["start_server"]

KEYS = {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}


def test_a_server_with_the_right_keys_starts_and_has_tried_to_write(
    start_server: StartServer, shared_s3: S3Server, prefix: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    server = start_server(
        JOURNIV_MEDIA_URL=shared_s3.url(prefix),
        AWS_ACCESS_KEY_ID=KEY_ID,
        AWS_SECRET_ACCESS_KEY_FILE=str(secret),
    )
    assert f"{prefix}/.journiv-probe" in shared_s3.files()
    assert server.get("/livez")
    assert server.stop() == 0
    assert SECRET not in server.log.read_text()


def test_a_wrong_secret_is_said_in_one_sentence(
    start_server: StartServer, shared_s3: S3Server, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a-wrong-secret-0123456789\n")
    said = stopped(
        start_server,
        shared_s3.url("x"),
        AWS_ACCESS_KEY_ID=KEY_ID,
        AWS_SECRET_ACCESS_KEY_FILE=str(secret),
    )
    place = f"127.0.0.1:{shared_s3.port}, bucket {BUCKET}"
    assert f"The object store refuses these keys (SignatureDoesNotMatch): {place}." in said
    assert "a-wrong-secret" not in said
    assert "Traceback" not in said


def test_an_object_store_that_is_not_there_is_named(
    start_server: StartServer,
) -> None:
    port = free_port()
    said = stopped(start_server, f"s3://{BUCKET}?endpoint=http://127.0.0.1:{port}", **KEYS)
    assert f"The object store does not answer: 127.0.0.1:{port}, bucket {BUCKET}." in said
    assert "Traceback" not in said


def stopped(start: StartServer, url: str, **settings: str) -> str:
    """Return what a server that cannot start says."""
    with pytest.raises(AssertionError) as raised:
        start(
            JOURNIV_MEDIA_URL=url,
            STARTUP_TIMEOUT="1",
            JOURNIV_MEDIA_S3__TIMEOUT_SECONDS="1",
            **settings,
        )
    return str(raised.value)
