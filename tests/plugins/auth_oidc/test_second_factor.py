"""The second factor of an account after a sign-in at the provider."""

from __future__ import annotations

import base64
import time

from journiv.domain import totp
from tests.plugins.auth_oidc.conftest import Browser
from tests.plugins.auth_oidc.provider import HostileProvider

ALICE = "alice@example.org"


def code(secret: str, ahead: int = 1) -> str:
    """Return the code after the present one, or the present one: neither grows old on the way."""
    seed = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return totp.code_at(seed, int(time.time()) // totp.STEP + ahead)


async def switch_on(browser: Browser, token: str) -> str:
    """Switch the second factor on and return its secret; the next code stays unused."""
    status, made = await browser.call("POST", "/users/me/totp", token=token)
    assert status == 201, made
    given = {"code": code(made["secret"], 0)}
    status, body = await browser.call("POST", "/users/me/totp/confirm", given, token=token)
    assert status == 200, body
    return str(made["secret"])


async def test_a_provider_that_asked_for_one_factor_leaves_the_other_to_us(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.claims = {"sid": "one", "amr": ["pwd"]}
    _, first = await browser.arrive(provider)
    secret = await switch_on(browser, first["access_token"])
    status, asked = await browser.arrive(provider)
    assert (status, asked["error"]) == (401, "mfa_required")
    assert "access_token" not in asked
    given = {"mfa_token": asked["mfa_token"], "code": code(secret)}
    status, body = await browser.call("POST", "/auth/mfa", given)
    assert (status, body["user"]["email"]) == (200, ALICE), body
    _, left = await browser.call("POST", "/auth/logout", token=body["access_token"])
    assert browser.query_of(left["logout_url"])["id_token_hint"] == provider.id_tokens[-1]


async def test_a_provider_that_asked_for_two_is_enough(
    browser: Browser, provider: HostileProvider
) -> None:
    _, first = await browser.arrive(provider)
    await switch_on(browser, first["access_token"])
    for methods in (["mfa"], ["pwd", "otp"], ["hwk"]):
        provider.claims = {"amr": methods}
        assert (await browser.arrive(provider))[0] == 200, methods


async def test_what_is_no_second_factor_does_not_count_as_one(
    browser: Browser, provider: HostileProvider
) -> None:
    _, first = await browser.arrive(provider)
    await switch_on(browser, first["access_token"])
    for methods in (["pwd", "pin"], "mfa", [7], None, []):
        provider.claims = {"amr": methods}
        assert (await browser.arrive(provider))[0] == 401, methods


async def test_linking_takes_the_password_and_a_code(
    browser: Browser, provider: HostileProvider
) -> None:
    secret = await switch_on(browser, await browser.register(ALICE))
    _, offered = await browser.arrive(provider)
    given = {"link_token": offered["link_token"], "password": "quill-Lantern-harbour-47"}
    for more in ({}, {"code": "000000"}):
        status, body = await browser.call("POST", "/auth/oidc/link", {**given, **more})
        assert (status, "code" in body["detail"]) == (400, True)
    given["code"] = code(secret)
    assert (await browser.call("POST", "/auth/oidc/link", given))[0] == 200
