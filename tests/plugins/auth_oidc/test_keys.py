"""The provider's keys change, or there are several (OID-8, OID-12)."""

from __future__ import annotations

from joserfc.jwk import RSAKey

from tests.plugins.auth_oidc.conftest import Browser
from tests.plugins.auth_oidc.provider import HostileProvider


async def outcome(browser: Browser, provider: HostileProvider) -> int:
    status, _ = await browser.back(provider.authorize(await browser.begin()))
    return status


async def test_OID_8_kid_absent_multiple_matching_keys_is_refused(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.header = {"alg": "RS256"}
    provider.keys.append(RSAKey.generate_key(2048, {"kid": "two"}))
    assert await outcome(browser, provider) == 400


async def test_OID_12_signing_key_rotation_is_followed_and_not_searched_for_twice_a_minute(
    browser: Browser, provider: HostileProvider
) -> None:
    assert await outcome(browser, provider) == 307
    for kid, status in (("two", 307), ("three", 400)):
        provider.keys = [RSAKey.generate_key(2048, {"kid": kid})]
        provider.header = {"alg": "RS256", "kid": kid}
        assert await outcome(browser, provider) == status
