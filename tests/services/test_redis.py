from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

from tests.services.redis import RedisServer


def said(url: str, command: str) -> str:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5) as asked:
        asked.sendall(f"{command}\r\n".encode())
        return asked.recv(1000).decode()


def test_it_answers_and_is_empty_after_it_was_away(redis_server: RedisServer) -> None:
    assert said(redis_server.url, "SET kept here") == "+OK\r\n"
    redis_server.stop()
    redis_server.start()
    assert said(redis_server.url, "GET kept") == "$-1\r\n"


def test_with_a_password_it_wants_that(tmp_path: Path) -> None:
    server = RedisServer(tmp_path, password="for-tests")
    server.start()
    try:
        assert said(server.url, "PING").startswith("-NOAUTH")
        assert ":for-tests@" in server.url
    finally:
        server.stop()


def test_the_shared_one_runs(shared_redis: str) -> None:
    assert said(shared_redis, "PING") == "+PONG\r\n"
