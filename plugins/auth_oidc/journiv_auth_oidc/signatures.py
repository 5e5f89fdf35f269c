"""Who signed a token: the provider, with a key it publishes, in an algorithm that is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError

from journiv.domain.errors import BadRequest
from journiv_auth_oidc.provider import Provider

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
ANNOUNCED: Final = "id_token_signing_alg_values_supported"
SKEW: Final = 60


def refusal(reason: str) -> BadRequest:
    """Return the error for a token that does not hold."""
    return BadRequest(f"The sign-in provider sent a token that does not hold: {reason}.")


async def signed_claims(
    token: str, provider: Provider
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and claims of a token the provider signed. Raises `BadRequest`."""
    try:
        header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in await _accepted(provider):
            raise refusal("its algorithm is none that is accepted")
        key = await provider.key(header)
        return header, jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError) as error:
        raise refusal("it is broken or its signature is wrong") from error


def general_fault(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, now: float
) -> str | None:
    """Return what is wrong with the claims that every token has, None when nothing is."""
    if claims.get("iss") != issuer:
        return "its issuer is another"
    if not is_for(claims, client_id):
        return "it is for another client"
    if not is_timely(claims, now):
        return "it is too old or too new; compare the clocks of both servers"
    return None


async def _accepted(provider: Provider) -> list[str]:
    announced = (await provider.metadata()).get(ANNOUNCED)
    if not isinstance(announced, list):
        return list(ALGORITHMS)
    return [name for name in ALGORITHMS if name in announced]


def is_for(claims: Mapping[str, Any], client_id: str) -> bool:
    """Say whether a token is for this client; one for several names it as its party (`azp`)."""
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if client_id not in named:
        return False
    party: Any = claims.get("azp", client_id if len(named) == 1 else None)
    return bool(party == client_id)


def is_timely(claims: Mapping[str, Any], now: float) -> bool:
    """Say whether a token holds now; it must say when it was issued and when it ends."""
    times = [claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)]
    if not all(type(value) in (int, float) for value in times):
        return False
    ends, issued, begins = times
    return bool(ends > now - SKEW and max(issued, begins) <= now + SKEW)
