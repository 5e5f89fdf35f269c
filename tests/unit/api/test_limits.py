from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout

from journiv.api.limits import bucket_address
from journiv.contracts.routes import Access, Call, RouteDef
from tests.unit.api.conftest import CountingLimiter, Serve


async def _ok(call: Call) -> object:
    return {"client": call.client}


def _route(path: str, access: Access = Access.PUBLIC, **options: Any) -> RouteDef:
    return RouteDef(
        method="GET",
        path=path,
        handler=_ok,
        access=access,
        summary="",
        answers={200: {"type": "dict"}},
        **options,
    )


ROUTES = [
    _route("/open"),
    _route("/mine", Access.USER),
    _route("/probe", counted=False),
    _route("/door", limit="sign-in"),
]
ON = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_PER_MINUTE": "3"}


async def _statuses(http: ClientSession, url: str, times: int, token: str = "") -> list[int]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    found = []
    for _ in range(times):
        async with http.get(url, headers=headers) as answer:
            found.append(answer.status)
    return found


async def test_an_address_has_its_limit_before_sign_in(serve: Serve, http: ClientSession) -> None:
    url = await serve(ROUTES, **ON)
    assert await _statuses(http, f"{url}/api/v1/open", 5) == [200, 200, 200, 429, 429]
    async with http.get(f"{url}/api/v1/open") as answer:
        body = await answer.json(content_type=None)
        assert answer.headers["Retry-After"] == "13"
        assert answer.headers["RateLimit-Limit"] == "3"
        assert answer.headers["RateLimit-Remaining"] == "0"
        assert answer.headers["RateLimit-Reset"] == "60"
    assert body["error"] == "Rate limit exceeded"
    assert body["message"] == body["detail"] == "Too many requests. Limit: 3 per 1 minute"
    assert body["retry_after"] == 13


async def test_a_signed_in_person_has_a_larger_limit_of_their_own(
    serve: Serve, http: ClientSession
) -> None:
    url = await serve(ROUTES, RATE_LIMIT_SIGNED_IN_FACTOR="2", **ON)
    await _statuses(http, f"{url}/api/v1/open", 3)
    assert await _statuses(http, f"{url}/api/v1/mine", 7, "sam") == [200] * 6 + [429]
    assert await _statuses(http, f"{url}/api/v1/mine", 1, "root") == [200]


async def test_bad_tokens_count_against_the_address(serve: Serve, http: ClientSession) -> None:
    url = await serve(ROUTES, **ON)
    assert await _statuses(http, f"{url}/api/v1/mine", 4, "stale") == [401, 401, 401, 429]


async def test_probes_are_not_counted(
    serve: Serve, http: ClientSession, limiter: CountingLimiter
) -> None:
    url = await serve(ROUTES, **ON)
    assert await _statuses(http, f"{url}/api/v1/probe", 5) == [200] * 5
    assert limiter.counts == {}


async def test_the_eleventh_proof_of_identity_is_refused(serve: Serve, http: ClientSession) -> None:
    url = await serve(ROUTES, RATE_LIMIT_ENABLED="true")
    assert await _statuses(http, f"{url}/api/v1/door", 11) == [200] * 10 + [429]


async def test_exempt_networks_are_not_counted(serve: Serve, http: ClientSession) -> None:
    url = await serve(ROUTES, RATE_LIMIT_EXEMPT_CIDRS="127.0.0.0/8", **ON)
    assert await _statuses(http, f"{url}/api/v1/door", 20) == [200] * 20


async def test_exempt_networks_hold_their_addresses_in_ipv6_too(
    serve: Serve, http: ClientSession
) -> None:
    url = await serve(
        ROUTES, RATE_LIMIT_EXEMPT_CIDRS="10.0.0.0/8", TRUSTED_PROXIES="127.0.0.0/8", **ON
    )
    for client, status in (("::ffff:10.0.0.1", 200), ("::ffff:11.0.0.1", 429)):
        headers = {"X-Forwarded-For": client}
        statuses = []
        for _ in range(20):
            async with http.get(f"{url}/api/v1/door", headers=headers) as answer:
                statuses.append(answer.status)
        assert statuses[-1] == status, client


async def test_limits_are_off_in_tests_unless_switched_on(
    serve: Serve, http: ClientSession, limiter: CountingLimiter
) -> None:
    url = await serve(ROUTES)
    assert await _statuses(http, f"{url}/api/v1/door", 12) == [200] * 12
    assert limiter.counts == {}


@pytest.mark.parametrize(
    ("client", "bucket"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_network_is_one_client(client: str, bucket: str) -> None:
    assert bucket_address(client) == bucket


async def test_more_requests_than_allowed_at_once_get_503(
    serve: Serve, http: ClientSession
) -> None:
    gate, arrived = asyncio.Event(), asyncio.Event()

    async def wait(call: Call) -> object:
        arrived.set()
        await gate.wait()
        return {}

    slow = RouteDef(
        method="GET", path="/slow", handler=wait, access=Access.PUBLIC, summary="",
        answers={200: {"type": "dict"}},
    )  # fmt: skip
    url = await serve([slow, *ROUTES], MAX_IN_FLIGHT="1")
    waiting = asyncio.create_task(_statuses(http, f"{url}/api/v1/slow", 1))
    await arrived.wait()
    async with http.get(f"{url}/api/v1/open", timeout=ClientTimeout(5)) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    gate.set()
    assert await waiting == [200]
    assert await _statuses(http, f"{url}/api/v1/open", 1) == [200]
