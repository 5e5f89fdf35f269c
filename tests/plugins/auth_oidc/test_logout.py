"""Logout at the provider after here, and here after the provider (OID-24..28)."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from joserfc import jwt

from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.conftest import Browser, Shared
from tests.plugins.auth_oidc.provider import LOGOUT_EVENT, HostileProvider, symmetric, unsigned

Sign = Callable[[dict], str]


@pytest.fixture
def server(shared: Shared) -> ServerProcess:
    return shared.server


@pytest.fixture
def port(shared: Shared) -> int:
    return shared.port


async def told(browser: Browser, token: str | None) -> int:
    """Send a logout token as the provider would, and return the status."""
    form = {} if token is None else {"logout_token": token}
    url = f"{browser.url}/auth/oidc/backchannel-logout"
    async with browser.session.post(url, data=form) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status


async def signed_in(browser: Browser, provider: HostileProvider, sid: str | None = None) -> str:
    """Return an access token of a session that began at the provider."""
    if sid is not None:
        provider.claims["sid"] = sid
    status, body = await browser.arrive(provider)
    assert status == 200, body
    return str(body["access_token"])


async def test_OID_24_a_logout_token_ends_the_session_it_names_and_no_other(
    browser: Browser, provider: HostileProvider
) -> None:
    one = await signed_in(browser, provider, "one")
    two = await signed_in(browser, provider, "two")
    assert await told(browser, provider.logout_token(sid="one", sub="alice")) == 200
    assert (await browser.lives(one), await browser.lives(two)) == (False, True)
    assert await told(browser, provider.logout_token(sid="two")) == 200
    assert not await browser.lives(two)


async def test_OID_25_a_logout_token_with_a_subject_ends_all_that_began_there(
    browser: Browser, provider: HostileProvider
) -> None:
    bystander = await browser.register("bystander@example.org")
    tokens = [await signed_in(browser, provider, sid) for sid in (None, "one")]
    assert await told(browser, provider.logout_token(sub="bob")) == 200
    assert [await browser.lives(token) for token in tokens] == [True, True]
    assert await told(browser, provider.logout_token(sub="alice")) == 200
    assert [await browser.lives(token) for token in tokens] == [False, False]
    assert await browser.lives(bystander)


async def test_a_session_opened_with_the_local_password_outlives_the_providers(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.claims = {"sub": "carol", "email": "carol@example.org"}
    local = await browser.register("carol@example.org")
    _, begun = await browser.call("POST", "/users/me/identities", token=local)
    await browser.target(provider.authorize(browser.query_of(begun["url"])))
    there = await signed_in(browser, provider)
    assert await told(browser, provider.logout_token(sub="carol")) == 200
    assert (await browser.lives(there), await browser.lives(local)) == (False, True)


BAD: dict[str, dict] = {
    "NoEvent": {"events": None},
    "WrongEvent": {"events": {"http://schemas.openid.net/event/other": {}}},
    "EventNoObject": {"events": {LOGOUT_EVENT: True}},
    "WithNonce": {"nonce": "n"},
    "WrongAud": {"aud": "another"},
    "WrongIssuer": {"iss": "https://evil.example"},
    "NoIat": {"iat": None},
    "OldIat": {"iat": int(time.time()) - 300},
    "NoExp": {"exp": None},
    "Expired": {"exp": int(time.time()) - 300},
    "NoJti": {"jti": None},
    "NeitherSidNorSub": {"sub": None},
    "EmptySid": {"sid": ""},
}
BADLY_SIGNED: dict[str, Sign] = {"AlgNone": unsigned, "WrongAlg": symmetric}


@pytest.mark.parametrize("case", BAD)
async def test_OID_26_a_bad_logout_token_is_400_and_the_session_lives(
    browser: Browser, provider: HostileProvider, case: str
) -> None:
    token = await signed_in(browser, provider)
    assert await told(browser, provider.logout_token(**{"sub": "alice", **BAD[case]})) == 400
    assert await browser.lives(token)


@pytest.mark.parametrize("case", BADLY_SIGNED)
async def test_OID_26_a_badly_signed_logout_token_is_400_and_the_session_lives(
    browser: Browser, provider: HostileProvider, case: str
) -> None:
    token = await signed_in(browser, provider)
    provider.sign = BADLY_SIGNED[case]
    assert await told(browser, provider.logout_token(sub="alice")) == 400
    assert await browser.lives(token)


async def test_OID_26_an_id_token_is_no_logout_token(
    browser: Browser, provider: HostileProvider
) -> None:
    token = await signed_in(browser, provider)
    assert await told(browser, provider.id_tokens[-1]) == 400
    assert await told(browser, "no.token.atall") == 400
    assert await told(browser, None) == 400
    assert await browser.lives(token)


@pytest.mark.parametrize(("kind", "status"), [("logout+jwt", 200), ("JWT", 200), ("at+jwt", 400)])
async def test_OID_26_the_type_of_a_logout_token_may_be_missing_but_not_another(
    browser: Browser, provider: HostileProvider, kind: str, status: int
) -> None:
    token = await signed_in(browser, provider)
    header = {**provider.header, "typ": kind}
    provider.sign = lambda claims: str(jwt.encode(header, claims, provider.keys[0]))
    assert await told(browser, provider.logout_token(sub="alice")) == status
    assert await browser.lives(token) is (status == 400)


async def test_OID_27_a_logout_token_counts_once(
    browser: Browser, provider: HostileProvider
) -> None:
    sent = provider.logout_token(sub="alice")
    first = await signed_in(browser, provider)
    assert await told(browser, sent) == 200
    assert not await browser.lives(first)
    second = await signed_in(browser, provider)
    assert await told(browser, sent) == 400
    assert await browser.lives(second)


async def test_OID_28_leaving_ends_the_session_here_and_says_where_it_ends_there(
    browser: Browser, provider: HostileProvider
) -> None:
    token = await signed_in(browser, provider)
    status, body = await browser.call("POST", "/auth/logout", token=token)
    assert (status, body["message"]) == (200, "Successfully logged out")
    assert not await browser.lives(token)
    assert body["logout_url"].startswith(f"{provider.issuer}/logout?")
    asked = browser.query_of(body["logout_url"])
    assert asked["id_token_hint"] == provider.id_tokens[-1]
    assert asked["client_id"] == "journiv"
    back = urlsplit(asked["post_logout_redirect_uri"])
    assert (back.path, back.query) == ("/login", "logout=success")
    checked = [
        (await browser.call("POST", "/auth/oidc/logged-out", {"state": state}))[0]
        for state in ("another", asked["state"], asked["state"])
    ]
    assert checked == [400, 200, 400]


async def test_leaving_a_session_with_a_password_goes_to_no_provider(
    browser: Browser,
) -> None:
    token = await browser.register("leaver@example.org")
    _, body = await browser.call("POST", "/auth/logout", token=token)
    assert "logout_url" not in body


async def test_OID_28_anonymous_reading_of_the_logout_ends_nothing_and_names_nobody(
    browser: Browser, provider: HostileProvider
) -> None:
    token = await signed_in(browser, provider)
    url = f"{browser.url}/auth/oidc/logout"
    async with browser.session.get(url, allow_redirects=False) as answer:
        assert answer.status == 302
        asked = browser.query_of(answer.headers["Location"])
        assert "Set-Cookie" not in answer.headers
    assert "id_token_hint" not in asked
    assert await browser.lives(token)


async def test_an_account_that_is_deleted_leaves_nothing_of_its_provider_behind(
    browser: Browser, provider: HostileProvider, server: ServerProcess
) -> None:
    await browser.register("who-stays@example.org")
    provider.claims = {"sub": "the-leaver", "email": "leaving@example.org", "sid": "s-leaving"}
    _, body = await browser.arrive(provider)
    token = body["access_token"]
    assert "the-leaver" in kept_by_name(server)
    assert (await browser.call("DELETE", "/users/me", token=token))[0] in (200, 204)
    for trace in ("the-leaver", "leaving@example.org", body["user"]["id"]):
        assert trace not in kept_by_name(server)


async def test_an_id_token_too_long_for_an_address_is_no_hint(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.claims = {"sub": "wordy", "email": "wordy@example.org", "about": "x" * 8000}
    token = await signed_in(browser, provider)
    _, body = await browser.call("POST", "/auth/logout", token=token)
    assert "id_token_hint" not in browser.query_of(body["logout_url"])


async def test_leaving_forgets_where_the_session_began(
    browser: Browser, provider: HostileProvider, server: ServerProcess
) -> None:
    provider.claims = {"sub": "forgotten", "email": "forgotten@example.org"}
    token = await signed_in(browser, provider)
    assert "forgotten" in kept_by_name(server)
    await browser.call("POST", "/auth/logout", token=token)
    assert "forgotten" not in kept_by_name(server)


def kept_by_name(server: ServerProcess) -> str:
    """Return the small store as text: everything in it that is kept by name."""
    with closing(sqlite3.connect(server.folder / "data" / "journiv.db")) as database:
        return str(database.execute("select namespace, key, value from key_values").fetchall())
