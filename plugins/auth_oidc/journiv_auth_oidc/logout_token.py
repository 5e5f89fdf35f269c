"""Judging a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4 to 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from journiv_auth_oidc.provider import Provider
from journiv_auth_oidc.signatures import SKEW, general_fault, refusal, signed_claims

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
OLDEST: Final = 120  # seconds since it was issued; replays are remembered for longer
# The type came late to the specification: some providers send none, or the one of every token.
# What tells a logout token from an ID token is its event, and that it has no nonce.
TYPES: Final = frozenset({"logout+jwt", "application/logout+jwt", "jwt"})


async def logout_token_claims(
    token: str, *, provider: Provider, issuer: str, client_id: str, now: float
) -> Mapping[str, Any]:
    """Return the claims of a logout token. Raises `BadRequest` unless all hold.

    `jti` is a text, and one of `sid` and `sub` is there; those that are, are texts.
    """
    header, claims = await signed_claims(token, provider)
    fault = general_fault(claims, issuer=issuer, client_id=client_id, now=now)
    named = [claims[name] for name in ("sid", "sub") if name in claims]
    if fault is None and not _is_logout(header, claims):
        fault = "it is no logout token"
    elif fault is None and claims["iat"] < now - OLDEST - SKEW:
        fault = "it is too old"
    elif fault is None and not (named and all(map(_is_text, [claims.get("jti"), *named]))):
        fault = "it names neither itself nor a session or subject"
    if fault is not None:
        raise refusal(fault)
    return claims


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_logout(header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    kind, events = header.get("typ", "logout+jwt"), claims.get("events")
    if not isinstance(kind, str) or kind.lower() not in TYPES or "nonce" in claims:
        return False
    return isinstance(events, dict) and isinstance(events.get(EVENT), dict)
