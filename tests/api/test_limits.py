from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import StartServer


@pytest.fixture
def limited(start_server: StartServer, session: ClientSession) -> ApiClient:
    """A stranger at a server with its limits on."""
    server = start_server(RATE_LIMIT_ENABLED="true")
    return ApiClient(session, server.url, server.contract)


async def test_the_eleventh_sign_in_within_seconds_is_refused(limited: ApiClient) -> None:
    statuses = []
    for number in range(11):
        body = {"email": f"person-{number}@example.org", "password": "wrong"}
        answer = await limited.post("/auth/login", body)
        statuses.append(answer.status)
    assert statuses == [401] * 10 + [429]
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json["error"] == "Rate limit exceeded"


async def test_a_flood_of_strangers_is_refused_while_health_answers(limited: ApiClient) -> None:
    answers = await asyncio.gather(*(limited.get("/users/me") for _ in range(80)))
    statuses = [answer.status for answer in answers]
    assert set(statuses) == {401, 429}
    assert 50 <= statuses.count(401) <= 65
    assert (await limited.get("/health")).status == 200


async def test_csp_reports_are_bounded(limited: ApiClient) -> None:
    statuses = [(await limited.post("/security/csp-report", {})).status for _ in range(12)]
    assert statuses[:10] == [200] * 10
    assert statuses[-1] == 429
