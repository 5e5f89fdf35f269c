from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.conftest import PASSWORD, Browser
from tests.plugins.auth_oidc.provider import HostileProvider


async def ticket(browser: Browser, provider: HostileProvider) -> str:
    status, found = await browser.back(provider.authorize(await browser.begin()))
    assert status == 307, found
    return found


@pytest.mark.parametrize("way", ["/oidc", "/auth/oidc"])
async def test_a_sign_in_ends_in_a_session(
    browser: Browser, provider: HostileProvider, server: ServerProcess, way: str
) -> None:
    asked = await browser.begin(way)
    assert asked["redirect_uri"].endswith("/api/v1/oidc/callback")
    assert asked["response_type"] == "code"
    status, found = await browser.back(provider.authorize(asked), way)
    assert status == 307, found
    status, body = await browser.exchange(found)
    assert (status, body["user"]["email"]) == (200, "alice@example.org")
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    async with browser.session.get(f"{browser.url}/users/me", headers=headers) as answer:
        assert (await answer.json())["is_oidc_user"] is True
    assert provider.asked[0]["authorization"].startswith("Basic ")
    async with browser.session.get(f"{server.url}/oidc-finish", params={"ticket": found}) as shown:
        assert shown.content_type == "text/html"
    log = server.log.read_text()
    for secret in (found, "s3cret", asked["state"], asked["nonce"], body["access_token"]):
        assert secret not in log


async def test_an_operator_reads_in_the_log_why_a_sign_in_failed(
    browser: Browser, provider: HostileProvider, server: ServerProcess
) -> None:
    provider.claims = {"aud": "another"}
    assert (await browser.back(provider.authorize(await browser.begin())))[0] == 400
    assert "it is for another client" in server.log.read_text()
    answered, address = provider.authorize(await browser.begin()), urlsplit(provider.issuer).netloc
    await provider.stop()
    assert (await browser.back(answered))[0] == 503
    assert f"Cannot connect to host {address}" in server.log.read_text()


async def test_a_ticket_is_asked_for(browser: Browser) -> None:
    for body in ({}, {"ticket": ""}):
        status, told = await browser.call("POST", "/auth/oidc/exchange", body)
        assert (status, told["detail"]) == (400, "Missing ticket parameter")


async def test_somebody_known_gets_the_same_account_whatever_the_address_is_now(
    browser: Browser, provider: HostileProvider
) -> None:
    _, first = await browser.exchange(await ticket(browser, provider))
    provider.claims = {"email": "new@example.org"}
    _, second = await browser.exchange(await ticket(browser, provider))
    assert first["user"]["id"] == second["user"]["id"]
    assert second["user"]["email"] == "alice@example.org"


async def test_OID_18_a_flow_is_good_once_and_only_in_its_browser(
    browser: Browser, other_browser: Browser, provider: HostileProvider
) -> None:
    answered = provider.authorize(await browser.begin())
    assert (await other_browser.back(answered))[0] == 400
    await other_browser.begin()  # now it has a flow of its own
    assert (await other_browser.back(answered))[0] == 400
    assert (await browser.back(answered))[0] == 307
    assert (await browser.back(answered))[0] == 400
    wrong = {**provider.authorize(await browser.begin()), "state": "another"}
    assert (await browser.back(wrong))[0] == 400


async def test_OID_19_a_ticket_is_good_once_and_only_in_its_browser(
    browser: Browser, other_browser: Browser, provider: HostileProvider
) -> None:
    taken = await ticket(browser, provider)
    await ticket(other_browser, provider)  # so that it has a cookie of its own
    assert (await other_browser.exchange(taken))[0] == 400
    raced = await ticket(browser, provider)
    answers = await asyncio.gather(*(browser.exchange(raced) for _ in range(8)))
    assert sorted(status for status, _ in answers) == [200] + 7 * [400]


async def test_OID_21_the_issuer_of_the_answer_is_checked(
    browser: Browser, provider: HostileProvider
) -> None:
    answered = provider.authorize(await browser.begin())
    assert (await browser.back({**answered, "iss": "https://evil.example"}))[0] == 400
    answered = provider.authorize(await browser.begin())
    del answered["iss"]
    assert (await browser.back(answered))[0] == 400


@pytest.mark.parametrize("broken", ["5xx", "not json", "large", "other issuer"])
async def test_OID_29_a_broken_provider_gets_503_and_passwords_still_work(
    browser: Browser, provider: HostileProvider, broken: str
) -> None:
    provider.broken = {
        "5xx": web.Response(status=500),
        "not json": web.Response(text="<p>"),
        "large": web.Response(body=b" " * 2_000_000 + b"{}"),
        "other issuer": web.json_response({"issuer": "https://evil.example"}),
    }[broken]
    async with browser.session.get(f"{browser.url}/oidc/login", allow_redirects=False) as answer:
        assert answer.status == 503
        assert "provider" in (await answer.json())["detail"]
    account = {"email": "bo@example.org", "name": "Bo", "password": PASSWORD}
    async with browser.session.post(f"{browser.url}/auth/register", json=account) as answer:
        assert answer.status == 201
