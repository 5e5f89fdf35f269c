"""Judging an ID token (OpenID Connect Core §3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Final

from journiv.domain.errors import BadRequest
from journiv_auth_oidc.provider import Provider
from journiv_auth_oidc.signatures import general_fault, refusal, signed_claims

_SUBJECT: Final = re.compile(r"[\x20-\x7e]{1,255}")  # Core §2: at most 255 ASCII characters


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
        raise refusal("there is none")
    _, claims = await signed_claims(token, provider)
    found = claims.get("nonce")
    if not isinstance(found, str) or not hmac.compare_digest(_bytes(found), nonce.encode()):
        raise BadRequest("Invalid nonce")
    fault = general_fault(claims, issuer=issuer, client_id=client_id, now=now)
    subject = claims.get("sub")
    if fault is None and not (isinstance(subject, str) and _SUBJECT.fullmatch(subject)):
        fault = "its subject is missing or cannot be used"
    if fault is None and not _hash_fits(claims.get("at_hash"), answer.get("access_token")):
        fault = "it belongs to another access token"
    if fault is not None:
        raise refusal(fault)
    return claims


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _hash_fits(expected: Any, access_token: Any) -> bool:
    """Compare `at_hash` (Core §3.1.3.6): SHA-256 here, SHA-512 with Ed25519."""
    if expected is None or not isinstance(access_token, str):
        return expected is None
    sums = (hashlib.sha256(_bytes(access_token)), hashlib.sha512(_bytes(access_token)))
    halves = (found.digest()[: found.digest_size // 2] for found in sums)
    return expected in [base64.urlsafe_b64encode(half).rstrip(b"=").decode() for half in halves]
