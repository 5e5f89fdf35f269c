"""§4.2 RL: how often one may ask, and how often one may guess."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator

import orjson
import pytest

from tests.api.conftest import PASSWORD, StartServer
from tests.api.server import ServerProcess
from tests.security.raw import Raw, ask

JSON = "Content-Type: application/json"
ME = "/api/v1/users/me"
_numbers = itertools.count(1)

# Everything that proves who somebody is, or sets the proof: one bucket.
PROOFS = {
    "/login": {"email": "nobody@example.org", "password": "wrong"},
    "/register": {"email": "new@example.org", "name": "New", "password": "short"},
    "/reset": {"token": "made-up", "password": PASSWORD},
    "/mfa": {"mfa_token": "made-up", "code": "123456"},
}


@pytest.fixture(params=["RATE_LIMIT_ENABLED", "RATE_LIMITING_ENABLED"])
def small(start_server: StartServer, request: pytest.FixtureRequest) -> ServerProcess:
    """A server that lets a stranger call five times a minute, switched on by either name."""
    return start_server(**{request.param: "true"}, RATE_LIMIT_PER_MINUTE="5")


@pytest.fixture
def limited(start_server: StartServer) -> ServerProcess:
    return start_server(RATE_LIMIT_ENABLED="true")


@pytest.fixture
def sources() -> Iterator[str]:
    """Addresses of which each is somebody else."""
    return (f"127.0.1.{number}" for number in range(1, 250))


async def post(server: ServerProcess, path: str, body: object, *headers: str, source: str) -> Raw:
    sent = orjson.dumps(body)
    target = f"/api/v1/auth{path}"
    return await ask(server, "POST", target, JSON, *headers, body=sent, source=source)


async def guess(server: ServerProcess, email: str, source: str, password: str = "wrong") -> Raw:
    return await post(server, "/login", {"email": email, "password": password}, source=source)


def wait_of(refused: Raw) -> int:
    assert refused.status == 429
    seconds = refused.header("Retry-After")
    assert seconds is not None
    assert seconds.isdigit()
    return int(seconds)


async def test_RL_1_the_documented_names_set_the_limit(small: ServerProcess) -> None:
    answers = [await ask(small, "GET", ME) for _ in range(6)]
    assert [answer.status for answer in answers] == [401] * 5 + [429]
    refused = answers[-1]
    assert refused.json["error"] == "Rate limit exceeded"
    assert refused.header("RateLimit-Limit") == "5"
    assert refused.header("RateLimit-Remaining") == "0"
    assert wait_of(refused) <= int(refused.header("RateLimit-Reset") or 0) <= 60
    assert (await ask(small, "GET", ME, source="127.0.0.2")).status == 401
    for path in ("/livez", "/api/v1/health", "/login"):
        assert (await ask(small, "GET", path, "Accept: text/html")).status == 200


async def test_RL_1_switched_off_nothing_is_counted(start_server: StartServer) -> None:
    free = start_server(RATE_LIMIT_ENABLED="false", RATE_LIMIT_PER_MINUTE="1")
    assert {(await ask(free, "GET", ME)).status for _ in range(20)} == {401}


async def test_RL_2_the_eleventh_proof_of_one_address_is_refused(limited: ServerProcess) -> None:
    statuses = []
    for path, body in itertools.islice(itertools.cycle(PROOFS.items()), 11):
        statuses.append((await post(limited, path, body, source="127.0.0.3")).status)
    assert 429 not in statuses[:10]
    assert statuses[10] == 429
    other = await guess(limited, "nobody@example.org", "127.0.0.4")
    assert other.status == 401


async def test_RL_2_they_are_refused_in_parallel_too(limited: ServerProcess) -> None:
    tries = (guess(limited, f"p{number}@example.org", "127.0.0.5") for number in range(40))
    statuses = [answer.status for answer in await asyncio.gather(*tries)]
    assert statuses.count(429) == 30
    assert set(statuses) <= {401, 429, 503}


async def test_RL_2_a_network_of_ipv6_is_one_client(start_server: StartServer) -> None:
    server = start_server(RATE_LIMIT_ENABLED="true", TRUSTED_PROXIES="127.0.0.1")
    statuses = []
    for number in range(11):
        forwarded = f"X-Forwarded-For: 2001:db8:1:2::{number:x}"
        body = {"email": f"six-{number}@example.org", "password": "wrong"}
        answer = await post(server, "/login", body, forwarded, source="127.0.0.1")
        statuses.append(answer.status)
    assert statuses == [401] * 10 + [429]


async def test_RL_4_waiting_as_long_as_told_is_long_enough(limited: ServerProcess) -> None:
    answers = await asyncio.gather(*(ask(limited, "GET", ME) for _ in range(80)))
    refused = next(answer for answer in answers if answer.status == 429)
    seconds = wait_of(refused)
    assert seconds == 1
    await asyncio.sleep(seconds)
    assert (await ask(limited, "GET", ME)).status == 401


async def test_RL_4_an_account_that_waits_opens_after_the_time_told(
    limited: ServerProcess, sources: Iterator[str]
) -> None:
    limited.post("/api/v1/auth/register", _account("sam@example.org"))
    for _ in range(5):
        assert (await guess(limited, "sam@example.org", next(sources))).status == 401
    refused = await guess(limited, "sam@example.org", next(sources), PASSWORD)
    await asyncio.sleep(wait_of(refused))
    opened = await guess(limited, "sam@example.org", next(sources), PASSWORD)
    assert opened.status == 200


async def test_RL_5_a_restart_forgets_no_failures(
    limited: ServerProcess, sources: Iterator[str]
) -> None:
    for email in ("sam@example.org", "nobody@example.org"):
        for _ in range(5):
            assert (await guess(limited, email, next(sources))).status == 401
    limited.stop()
    limited.start()
    for email in ("sam@example.org", "nobody@example.org"):
        answer = await guess(limited, email, next(sources))
        while answer.status == 429:
            await asyncio.sleep(wait_of(answer))
            answer = await guess(limited, email, next(sources))
        assert answer.status == 401
        # A server that had forgotten would let four more pass without a wait.
        more = [(await guess(limited, email, next(sources))).status for _ in range(3)]
        assert 429 in more


def _account(email: str) -> dict[str, str]:
    return {"email": email, "name": "Sam", "password": PASSWORD}
