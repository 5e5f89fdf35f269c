"""Access tokens without JWT: sealed claims, for installations where auth_local is off.

A token is `jo_<claims>.<seal>`: base64url of a JSON array, and of its HMAC-SHA256. Like any
access token it says only which session it belongs to; the session row decides the rest.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from typing import Any, Final

import orjson

from journiv.contracts.tokens import CLOCK_SKEW, Claims, TokenHandler, TokenInvalid
from journiv.domain.clock import Clock

NAME: Final = "opaque"
PREFIX: Final = "jo_"
MAX_LENGTH: Final = 4096


class OpaqueTokens(TokenHandler):
    """Seals with the first key, opens with all of them."""

    name = NAME

    def __init__(self, keys: Sequence[bytes], clock: Clock) -> None:
        self._keys = tuple(keys)
        self._clock = clock

    async def verify(self, token: str) -> Claims | None:
        """See `TokenHandler`."""
        if not token.startswith(PREFIX):
            return None
        body, _, seal = token[len(PREFIX) :].partition(".")
        if len(token) > MAX_LENGTH or not token.isascii() or not self._sealed(body, seal):
            raise TokenInvalid("seal")
        try:
            claims = _claims(orjson.loads(_decoded(body)))
        except (binascii.Error, TypeError, ValueError) as error:
            raise TokenInvalid("claims") from error
        now = self._clock.now().timestamp()
        if claims.expires_at + CLOCK_SKEW < now or claims.issued_at > now + CLOCK_SKEW:
            raise TokenInvalid("time")
        return claims

    async def issue(self, claims: Claims) -> str:
        """See `TokenHandler`."""
        values = [
            claims.user_id,
            claims.session_id,
            claims.security_version,
            claims.issued_at,
            claims.expires_at,
            claims.authenticated_at,
            claims.methods,
            claims.scopes,
            secrets.token_urlsafe(16),
        ]
        body = _encoded(orjson.dumps(values))
        return f"{PREFIX}{body}.{_seal(self._keys[0], body)}"

    def _sealed(self, body: str, seal: str) -> bool:
        return any(hmac.compare_digest(_seal(key, body), seal) for key in self._keys)


def _seal(key: bytes, body: str) -> str:
    return _encoded(hmac.digest(key, body.encode(), "sha256"))


def _claims(values: Any) -> Claims:
    user, session, version, issued, expires, authenticated, methods, scopes, _ = values
    return Claims(
        user_id=user,
        session_id=session,
        security_version=version,
        issued_at=issued,
        expires_at=expires,
        authenticated_at=authenticated,
        methods=tuple(methods),
        scopes=tuple(scopes),
    )


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
