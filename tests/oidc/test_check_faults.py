"""Each fault of a provider gets its own sentence from `journiv oidc-check` (features.md T4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from tests.oidc.checking import examined
from tests.oidc.mock import DISCOVERY, MockProvider
from tests.oidc.provider import SECRET

Breaks = Callable[[MockProvider], None]
HIDDEN = f"https://sso.example{DISCOVERY}"


def metadata(**changed: Any) -> Breaks:
    return lambda mock: mock.metadata.update(changed)


def answers(path: str, status: int = 200, **answer: Any) -> Breaks:
    return lambda mock: mock.at.update({path: lambda _: web.Response(status=status, **answer)})


def ahead(seconds: float) -> Breaks:
    return lambda mock: setattr(mock, "ahead", seconds)


def says(error: str) -> Breaks:
    return lambda mock: setattr(mock, "error", error)


FAILS: list[tuple[str, Breaks, str]] = [
    ("discovery", answers(DISCOVERY, 404), "There is nothing at"),
    ("discovery", answers(DISCOVERY, 302, headers={"Location": HIDDEN}), "to https://sso.example:"),
    ("discovery", answers(DISCOVERY, 502), "answers status 502"),
    ("discovery", answers(DISCOVERY, text="<html>"), "is no discovery document"),
    ("discovery", answers(DISCOVERY, body=b"[" * 100_000), "is no discovery document"),
    ("discovery", answers(DISCOVERY, body=b" " * 1_100_000), "more than one mebibyte"),
    ("clock", ahead(300), "seconds behind the provider's"),
    ("clock", ahead(-300), "seconds ahead of the provider's"),
    ("endpoints", metadata(token_endpoint=None), "lacks token_endpoint"),
    ("endpoints", metadata(jwks_uri="http://sso.example/k"), "jwks_uri would go over plain http"),
    ("algorithms", metadata(id_token_signing_alg_values_supported=["HS256"]), "with HS256;"),
    ("flow", metadata(response_types_supported=["id_token"]), "authorization code flow"),
    ("keys", answers("/jwks", 500), "(status 500)"),
    ("keys", answers("/jwks", text='{"keys": [{"kty": "XYZ"}]}'), "No usable key"),
    ("credentials", says("invalid_client"), "does not accept OIDC_CLIENT_ID with OIDC_CLIENT_SEC"),
    ("credentials", says("unauthorized_client"), "allow this client the authorization code flow"),
    ("credentials", answers("/token", 503), "answers status 503"),
    ("credentials", answers("/token", text='{"id_token": "x"}'), "gave tokens for a made-up code"),
    ("redirect", answers("/auth", 400, text="Invalid parameter: redirect_uri"), "Register exactly"),
    ("redirect", answers("/auth", 400, text="Client not found."), "does not know OIDC_CLIENT_ID"),
    ("redirect", answers("/auth", 403, text="No."), "refuses a sign-in with status 403"),
]
WARNS: list[tuple[str, Breaks, str]] = [
    ("clock", ahead(30), "beyond 60 seconds sign-in fails"),
    ("flow", metadata(code_challenge_methods_supported=None), "does not say that it checks PKCE"),
    ("scopes", metadata(scopes_supported=["openid"]), "asks for email, profile"),
    ("logout", metadata(end_session_endpoint=None), "no end_session_endpoint"),
    ("credentials", says("temporarily_unavailable"), "temporarily_unavailable"),
]


def named(faults: list[tuple[str, Breaks, str]]) -> list[Any]:
    return [pytest.param(*one, id=f"{one[0]}: {one[2]}") for one in faults]


@pytest.mark.parametrize(("step", "breaks", "sentence"), named(FAILS))
async def test_a_fault_fails_its_step_alone_with_a_sentence_of_its_own(
    mock: MockProvider, step: str, breaks: Breaks, sentence: str
) -> None:
    breaks(mock)
    outcome = await examined(mock.issuer)
    assert outcome.is_not_right() == {step}, outcome.text
    assert outcome.steps[step][0] == "fail"
    assert sentence in outcome.steps[step][1]
    assert outcome.code == 1
    assert SECRET not in outcome.text


@pytest.mark.parametrize(("step", "breaks", "sentence"), named(WARNS))
async def test_what_is_only_odd_warns(
    mock: MockProvider, step: str, breaks: Breaks, sentence: str
) -> None:
    breaks(mock)
    outcome = await examined(mock.issuer)
    assert outcome.is_not_right() == {step}, outcome.text
    assert outcome.steps[step][0] == "warn"
    assert sentence in outcome.steps[step][1]
    assert outcome.code == 0
