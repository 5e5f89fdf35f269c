"""Three replicas behave as one server (rows of security.md that speak of several workers)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from journiv.domain.ids import new_id
from tests.cluster.caller import PASSWORD, Caller, callers, strangers
from tests.cluster.conftest import FOUNDERS, Site

AT_THE_LATEST = 1.0
TRIES = 3
REFUSED = [[401] * 10, [429] * 4]


@pytest.fixture
async def person(site: Site) -> AsyncIterator[Caller]:
    """Somebody who is signed in through nginx."""
    async with callers(site.cluster.url, 1, f"sam-{new_id()}") as (one,):
        yield one


async def statuses(site: Site, person: Caller, path: str) -> list[int]:
    """Return what every replica answers."""
    answers = await asyncio.gather(*(person.at(url).ask("GET", path) for url in site.urls))
    return [answer.status for answer in answers]


async def until(site: Site, person: Caller, path: str, status: int) -> float:
    """Return how many seconds it took until every replica answered so."""
    began = time.monotonic()
    async with asyncio.timeout(10):
        while set(await statuses(site, person, path)) != {status}:
            await asyncio.sleep(0.02)
    return time.monotonic() - began


async def test_ADM_1_of_fifty_first_registrations_exactly_one_is_the_administrators(
    site: Site,
) -> None:
    roles = sorted(account["role"] for account in site.founders)
    assert roles == ["admin"] + ["user"] * (FOUNDERS - 1)


async def test_SES_1_who_signs_out_is_out_at_every_replica_within_a_second(
    site: Site, person: Caller
) -> None:
    assert await statuses(site, person, "/users/me") == [200, 200, 200]
    assert (await person.ask("POST", "/auth/logout")).status == 200
    assert await until(site, person, "/users/me", 401) < AT_THE_LATEST
    for url in site.urls:
        body = {"refresh_token": person.refresh_token}
        assert (await person.at(url).ask("POST", "/auth/refresh", body)).status == 401


async def test_JWT_7_a_changed_role_counts_at_every_replica_within_a_second(
    site: Site, person: Caller
) -> None:
    first = next(account for account in site.founders if account["role"] == "admin")
    async with strangers(site.cluster.url, 1, "any") as (one,):
        admin = await Caller(one.session, one.url, first["email"]).sign_in()
        path = f"/admin/users/{person.user['id']}"
        for number, (role, status) in enumerate((("admin", 200), ("user", 403), ("admin", 200))):
            asked = admin.at(site.urls[number])
            assert (await asked.ask("PATCH", path, {"role": role})).status == 200
            assert await until(site, person, "/admin/users?limit=1", status) < AT_THE_LATEST


async def test_RL_2_the_eleventh_sign_in_is_refused_by_whichever_replica_is_asked(
    site: Site,
) -> None:
    # A Redis that takes over a second counts as gone, which a busy machine can bring about.
    found = []
    while len(found) < TRIES and REFUSED not in found:
        async with strangers(site.cluster.url, 1, "stranger") as (one,):
            found.append(await eleven(site, one))
    assert REFUSED in found


async def eleven(site: Site, stranger: Caller) -> list[list[int]]:
    """Return the answers to ten attempts, and to an eleventh here, there and everywhere."""
    answers = []
    for first in (0, 5):
        five = (attempt(stranger, number) for number in range(first, first + 5))
        answers += await asyncio.gather(*five)
    everywhere = (*site.urls, site.cluster.url)
    more = (attempt(stranger.at(url), 10 + number) for number, url in enumerate(everywhere))
    return [answers, await asyncio.gather(*more)]


async def attempt(stranger: Caller, number: int) -> int:
    body = {"email": f"nobody-{number}@example.org", "password": PASSWORD}
    answer = await stranger.ask("POST", "/auth/login", body)
    assert answer.status != 429 or answer.retry_after is not None
    return answer.status


async def test_a_post_sent_to_every_replica_at_once_under_one_key_happens_once(
    site: Site, person: Caller
) -> None:
    journal = await person.made("/journals/", {"title": "Diary"})
    for number in range(10):
        body = {"title": "T", "content": f"number {number}", "journal_id": journal["id"]}
        key = {"Idempotency-Key": new_id()}
        answers = await asyncio.gather(
            *(person.at(url).ask("POST", "/entries/", body, key) for url in site.urls)
        )
        assert [answer.status for answer in answers] == [201] * 3
        assert answers[0].body == answers[1].body == answers[2].body
        replayed = [answer.headers.get("Idempotent-Replayed") for answer in answers]
        assert sorted(map(str, replayed)) == ["None", "true", "true"]
    listed = await person.ask("GET", f"/entries/journal/{journal['id']}?limit=100")
    assert len(listed.body) == 10
