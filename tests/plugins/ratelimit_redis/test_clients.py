from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools import programs
from journiv.contracts.ratelimit import Rule
from journiv.domain.errors import ConfigError, Unavailable
from journiv_ratelimit_redis.clients import clients_for, place
from journiv_ratelimit_redis.limiter import RedisLimiter
from tests.ports import free_port
from tests.services.redis import RedisServer

RULE = Rule(name="calls", limit=2, period=60)


@pytest.fixture
def sentinel(redis_server: RedisServer, tmp_path: Path) -> Iterator[str]:
    """The address of a sentinel that watches a Redis by the name `diary`."""
    port = free_port()
    settings = tmp_path / "sentinel.conf"
    settings.write_text(
        f"port {port}\nbind 127.0.0.1\nsentinel monitor diary 127.0.0.1 {redis_server.port} 1\n"
    )
    program = programs.locate(programs.REDIS)
    assert program is not None
    process = subprocess.Popen([program, str(settings), "--sentinel"], stdout=subprocess.DEVNULL)
    _until_said(port, "SENTINEL GET-MASTER-ADDR-BY-NAME diary", str(redis_server.port).encode())
    yield f"redis+sentinel://127.0.0.1:{port}/diary/0"
    process.kill()
    process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """The address of a cluster of one node, which has all slots."""
    port = free_port()
    program = programs.locate(programs.REDIS)
    assert program is not None
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--cluster-enabled", "yes"]
    options += ["--cluster-port", str(free_port())]
    process = subprocess.Popen([program, *options], cwd=tmp_path, stdout=subprocess.DEVNULL)
    _until_said(port, "CLUSTER ADDSLOTSRANGE 0 16383", b"+OK")
    _until_said(port, "CLUSTER INFO", b"cluster_state:ok")
    yield f"redis+cluster://127.0.0.1:{port}"
    process.kill()
    process.wait()


async def counts(url: str) -> list[bool]:
    limiter = RedisLimiter(clients_for(url, None), url)
    await limiter.open()
    passed = [(await limiter.hit("a", RULE)).allowed for _ in range(3)]
    await limiter.close()
    return passed


async def test_a_password_and_a_database_are_taken_from_the_address(tmp_path: Path) -> None:
    server = RedisServer(tmp_path, password="for-tests")
    server.start()
    try:
        assert await counts(server.url.replace("/0", "/3")) == [True, True, False]
    finally:
        server.stop()


async def test_a_unix_socket(tmp_path: Path) -> None:
    program = programs.locate(programs.REDIS)
    assert program is not None
    path = tmp_path / "redis.sock"
    options = ["--port", "0", "--unixsocket", str(path), "--save", ""]
    process = subprocess.Popen([program, *options], cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        while not path.exists():
            time.sleep(0.02)
        assert await counts(f"unix://{path}") == [True, True, False]
    finally:
        process.kill()
        process.wait()


async def test_the_master_that_a_sentinel_names(sentinel: str) -> None:
    assert await counts(sentinel) == [True, True, False]


async def test_a_cluster(cluster: str) -> None:
    assert await counts(cluster) == [True, True, False]


@pytest.mark.parametrize(
    "url", ["redis://host:no-port/0", "redis+sentinel://one:26379,two:26379", "redis://h:1/x?db=x"]
)
def test_an_address_that_makes_no_sense_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        clients_for(url, None)


@pytest.mark.parametrize(
    "url",
    [
        "redis://:secret/word@host:6379/0",
        "redis://sam:secret#word@host",
        "redis://:secret?word@host",
        "rediss+cluster://:secret/word@host:6379",
        "redis+sentinel://:secret/word@host:26379/diary",
        "redis://:secret[word@host",
    ],
)
def test_a_password_that_is_not_encoded_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match="percent-encoding") as refused:
        clients_for(url, None)
    assert "secret" not in str(refused.value)


async def test_a_cluster_that_is_away_is_worth_another_try() -> None:
    url = f"redis+cluster://127.0.0.1:{free_port()}"
    limiter = RedisLimiter(clients_for(url, None), url)
    with pytest.raises(Unavailable, match="could not reach Redis"):
        await limiter.open()
    await limiter.close()


def test_messages_say_where_without_the_password() -> None:
    assert place("rediss://sam:secret@cache:6380/1") == "cache:6380 as sam"
    assert place("unix:///run/redis.sock") == "/run/redis.sock"


def _until_said(port: int, command: str, wanted: bytes) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as asked:
                asked.sendall(f"{command}\r\n".encode())
                if wanted in asked.recv(4096):
                    return
        except OSError:
            pass
        assert time.monotonic() < deadline, command
        time.sleep(0.05)
