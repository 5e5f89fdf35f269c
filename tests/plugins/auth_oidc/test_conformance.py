"""The relying-party cases of the OpenID conformance suite, by name (security.md OID-1..12)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.conftest import Browser, Shared
from tests.plugins.auth_oidc.provider import (
    HostileProvider,
    other_curve,
    other_key,
    symmetric,
    unsigned,
)

CLAIMS: dict[str, dict[str, Any]] = {
    "InvalidIssuer": {"iss": "https://evil.example"},
    "InvalidAud": {"aud": "another"},
    "SeveralAudWithoutAzp": {"aud": ["journiv", "another"]},
    "NonceInvalid": {"nonce": "another"},
    "EmptySub": {"sub": ""},
    "LongSub": {"sub": "x" * 256},
    "SubOfAnotherType": {"sub": ["alice"]},
    "SubNotAscii": {"sub": "al\u0000\ud800"},
    "Expired": {"exp": 1},
    "NotYet": {"nbf": 9_999_999_999},
    "InvalidAtHash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}
SIGNATURES = {
    "InvalidSignatureRS256": other_key,
    "InvalidSignatureES256": other_curve,
    "InvalidSignatureHS256": symmetric,
    "SigAlgNone": unsigned,
}


@pytest.fixture
def server(shared: Shared) -> ServerProcess:
    return shared.server


@pytest.fixture
def port(shared: Shared) -> int:
    return shared.port


async def outcome(browser: Browser, provider: HostileProvider) -> int:
    status, _ = await browser.back(provider.authorize(await browser.begin()))
    return status


@pytest.mark.parametrize("case", CLAIMS)
async def test_OID_1_to_5_and_OID_11_wrong_claims_are_refused(
    browser: Browser, provider: HostileProvider, case: str
) -> None:
    provider.claims = CLAIMS[case]
    assert await outcome(browser, provider) == 400


@pytest.mark.parametrize("missing", ["sub", "aud", "iat", "exp", "nonce", "iss"])
async def test_OID_2_to_5_missing_claims_are_refused(
    browser: Browser, provider: HostileProvider, missing: str
) -> None:
    provider.dropped = {missing}
    assert await outcome(browser, provider) == 400


@pytest.mark.parametrize("case", SIGNATURES)
async def test_OID_6_and_OID_7_wrong_signatures_are_refused(
    browser: Browser, provider: HostileProvider, case: str
) -> None:
    provider.sign = SIGNATURES[case]
    assert await outcome(browser, provider) == 400


async def test_OID_8_kid_absent_single_jwks_is_accepted(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.header = {"alg": "RS256"}
    assert await outcome(browser, provider) == 307


async def test_OID_9_ignores_unparseable_key_in_jwks(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.published = lambda: [{"kty": "XYZ"}, 7, {"kty": "RSA"}, *provider.public_keys()]
    assert await outcome(browser, provider) == 307


async def test_OID_10_invalid_sub_in_userinfo_is_refused(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.dropped = {"email", "email_verified"}
    provider.userinfo = {"sub": "bob", "email": "b@example.org", "email_verified": True}
    assert await outcome(browser, provider) == 400


@pytest.mark.parametrize("verified", [False, "false", 0, None, "true"])
async def test_OID_13_only_a_true_email_verified_counts(
    browser: Browser, provider: HostileProvider, verified: object
) -> None:
    provider.claims = {"email_verified": verified}
    answer = await browser.back(provider.authorize(await browser.begin()))
    assert answer == (403, "Email not verified by identity provider")


async def test_OID_13_a_true_email_verified_counts(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.claims = {"email_verified": True}
    assert await outcome(browser, provider) == 307


@pytest.mark.parametrize(
    "address",
    ["", "alice", 7, None, ["a@b.example"], "a b@c.example", "a@b@c.example", "a@b\u0000.example",
     "a@\ud800.example", "a" * 250 + "@b.example"],
)  # fmt: skip
async def test_what_is_no_address_is_refused(
    browser: Browser, provider: HostileProvider, address: object
) -> None:
    provider.claims = {"sub": "odd", "email": address}
    assert await outcome(browser, provider) == 403


async def test_a_name_is_cut_to_what_can_be_stored_and_shown(
    browser: Browser, provider: HostileProvider
) -> None:
    names = {"\u0000A\ud800l\n ice": "A l ice", "N" * 5000: "N" * 100, " ": "p2", 7: "p3"}
    for number, (given, shown) in enumerate(names.items()):
        provider.claims = {"sub": f"p{number}", "email": f"p{number}@b.example", "name": given}
        status, body = await browser.arrive(provider)
        assert (status, body["user"]["name"]) == (200, shown)
