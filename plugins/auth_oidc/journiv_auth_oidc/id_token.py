"""Judging an ID token (OpenID Connect Core §3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError

from journiv.domain.errors import BadRequest
from journiv_auth_oidc.provider import Provider

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
SKEW: Final = 60
WRONG: Final = "The sign-in provider sent a token that does not hold."


async def id_token_claims(
    answer: Mapping[str, Any],
    *,
    provider: Provider,
    issuer: str,
    client_id: str,
    nonce: str,
    now: float,
) -> Mapping[str, Any]:
    """Return the claims of a token answer's ID token. Raises `BadRequest` unless all hold."""
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise BadRequest(WRONG)
    claims = await _verified(token, provider)
    found = claims.get("nonce")
    if not isinstance(found, str) or not hmac.compare_digest(found.encode(), nonce.encode()):
        raise BadRequest("Invalid nonce")
    subject = claims.get("sub")
    holds = (
        claims.get("iss") == issuer
        and _audience(claims, client_id)
        and _timely(claims, now)
        and isinstance(subject, str)
        and 0 < len(subject) <= 255
        and _hash_fits(claims.get("at_hash"), answer.get("access_token"))
    )
    if not holds:
        raise BadRequest(WRONG)
    return claims


async def _verified(token: str, provider: Provider) -> Mapping[str, Any]:
    try:
        header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in ALGORITHMS:
            raise BadRequest(WRONG)
        key = await provider.key(header)
        return jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError) as error:
        raise BadRequest(WRONG) from error


def _audience(claims: Mapping[str, Any], client_id: str) -> bool:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if client_id not in named:
        return False
    party: Any = claims.get("azp", client_id if len(named) == 1 else None)
    return bool(party == client_id)


def _timely(claims: Mapping[str, Any], now: float) -> bool:
    times = [claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)]
    if not all(type(value) in (int, float) for value in times):
        return False
    ends, issued, begins = times
    return bool(ends > now - SKEW and max(issued, begins) <= now + SKEW)


def _hash_fits(expected: Any, access_token: Any) -> bool:
    """Compare `at_hash` (Core §3.1.3.6): SHA-256 here, SHA-512 with Ed25519."""
    if expected is None or not isinstance(access_token, str):
        return expected is None
    sums = (hashlib.sha256(access_token.encode()), hashlib.sha512(access_token.encode()))
    halves = (found.digest()[: found.digest_size // 2] for found in sums)
    return expected in [base64.urlsafe_b64encode(half).rstrip(b"=").decode() for half in halves]
