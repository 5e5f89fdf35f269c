"""A server that requires a second factor, and people who come from a provider."""

from __future__ import annotations

import pytest

from tests.plugins.auth_oidc.conftest import Browser
from tests.plugins.auth_oidc.provider import HostileProvider
from tests.plugins.auth_oidc.test_second_factor import code, switch_on


@pytest.fixture
def settings() -> dict[str, str]:
    return {"REQUIRE_MFA": "all"}


async def test_a_provider_that_asked_for_a_second_factor_has_done_it(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.claims = {"amr": ["pwd", "mfa"]}
    _, entered = await browser.arrive(provider)
    status, _ = await browser.call("GET", "/journals/", token=entered["access_token"])
    assert status == 200


async def test_after_any_other_sign_in_one_is_to_be_enrolled_here(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.claims = {"amr": ["pwd"]}
    _, entered = await browser.arrive(provider)
    token = entered["access_token"]
    status, body = await browser.call("GET", "/journals/", token=token)
    assert (status, body["error"]) == (403, "mfa-enrolment-required")
    secret = await switch_on(browser, token)
    assert (await browser.call("GET", "/journals/", token=token))[0] == 200
    _, asked = await browser.arrive(provider)
    given = {"mfa_token": asked["mfa_token"], "code": code(secret)}
    _, entered = await browser.call("POST", "/auth/mfa", given)
    assert (await browser.call("GET", "/journals/", token=entered["access_token"]))[0] == 200
