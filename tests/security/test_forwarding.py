"""§4.2 PRX: who the client is, told by proxies and by people who pretend to be one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import orjson
import pytest

from tests.api.conftest import StartServer
from tests.api.server import ServerProcess
from tests.proxies.conftest import client_of
from tests.security.raw import ask

PROXY, SECOND, STRANGER = "127.0.0.21", "127.0.0.22", "127.0.0.23"
REAL, SPOOF = "203.0.113.9", "198.51.100.66"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that trusts two proxies."""
    settings = {"TRUSTED_PROXIES": f"{PROXY}, {SECOND}/32"}
    process = ServerProcess(tmp_path_factory.mktemp("behind"), settings)
    process.start()
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


async def seen(server: ServerProcess, source: str, *headers: str) -> str:
    """Return whom the server takes for the client."""
    request_id = f"seen-{next(_numbers)}"
    named = f"X-Request-ID: {request_id}"
    answer = await ask(server, "GET", "/api/v1/health", named, *headers, source=source)
    assert answer.status == 200
    return await client_of(server, request_id)


@pytest.mark.parametrize(
    "header",
    [f"X-Forwarded-For: {SPOOF}", f"X-Real-IP: {SPOOF}", f"Forwarded: for={SPOOF}",
     f"True-Client-IP: {SPOOF}", f"CF-Connecting-IP: {SPOOF}"],
)  # fmt: skip
async def test_PRX_1_a_stranger_cannot_say_who_it_is(behind: ServerProcess, header: str) -> None:
    assert await seen(behind, STRANGER, header) == STRANGER


async def test_PRX_1_it_is_reported_that_a_stranger_tried(behind: ServerProcess) -> None:
    await seen(behind, STRANGER, f"X-Forwarded-For: {SPOOF}")
    log = behind.log.read_text(errors="replace")
    [told] = [line for line in log.splitlines() if "TRUSTED_PROXIES" in line]
    assert STRANGER in told
    assert SPOOF not in log


async def test_PRX_1_pretending_gets_no_further_attempts(start_server: StartServer) -> None:
    server = start_server(RATE_LIMIT_ENABLED="true")
    statuses = []
    for number in range(11):
        body = orjson.dumps({"email": f"p{number}@example.org", "password": "wrong"})
        headers = ("Content-Type: application/json", f"X-Forwarded-For: 203.0.113.{number}")
        answer = await ask(server, "POST", "/api/v1/auth/login", *headers, body=body)
        statuses.append(answer.status)
    assert statuses == [401] * 10 + [429]


@pytest.mark.parametrize(
    "headers",
    [
        (f"X-Forwarded-For: {SPOOF}, {REAL}",),
        (f"X-Forwarded-For: {SPOOF}", f"X-Forwarded-For: {REAL}"),
        (f"X-Forwarded-For: {REAL}:4711",),
        (f"X-Forwarded-For:   {SPOOF} ,{REAL}  ",),
        (f"X-Forwarded-For: garbage, {REAL}",),
    ],
)
async def test_PRX_2_a_trusted_proxys_own_word_counts(
    behind: ServerProcess, headers: tuple[str, ...]
) -> None:
    assert await seen(behind, PROXY, *headers) == REAL


async def test_PRX_2_what_only_a_program_before_it_said_does_not(behind: ServerProcess) -> None:
    assert await seen(behind, PROXY, f"X-Real-IP: {SPOOF}") == PROXY
    assert await seen(behind, PROXY) == PROXY


async def test_PRX_3_two_proxies_in_a_row_give_the_client_before_both(
    behind: ServerProcess,
) -> None:
    chain = f"X-Forwarded-For: {SPOOF}, {REAL}, {PROXY}"
    assert await seen(behind, SECOND, chain) == REAL
    assert await seen(behind, PROXY, f"X-Forwarded-For: {REAL}, {SECOND}") == REAL
    assert await seen(behind, PROXY, f"X-Forwarded-For: {REAL}, {STRANGER}") == STRANGER


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("unknown", PROXY),
        ("_hidden", PROXY),
        ("", PROXY),
        (",,,", PROXY),
        (f"{REAL}, unknown", PROXY),
        (f"{REAL}, 999.1.1.1", PROXY),
        ("127.1", PROXY),
        ("0x7f000001", PROXY),
        ("2001:db8::7%eth0; DROP TABLE", PROXY),
        (", ".join(f"10.0.0.{number}" for number in range(1, 21)), PROXY),
        (", ".join([REAL] * 20), PROXY),
        ("x" * 4000, PROXY),
        ("\xa0\xff", PROXY),
    ],
)
async def test_PRX_4_garbled_headers_give_the_peer(
    behind: ServerProcess, forwarded: str, client: str
) -> None:
    assert await seen(behind, PROXY, f"X-Forwarded-For: {forwarded}") == client
