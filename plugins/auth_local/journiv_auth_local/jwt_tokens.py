"""Access tokens as JWTs (RFC 7519), typed and pinned as RFC 8725 and RFC 9068 ask."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import jwt

from journiv.contracts.tokens import CLOCK_SKEW, Claims, TokenHandler, TokenInvalid
from journiv.domain.clock import Clock
from journiv.domain.ids import new_id, parse_id

NAME: Final = "jwt"
PREFIX: Final = "eyJ"
AUDIENCE: Final = "journal-api"
TYPE: Final = "at+jwt"
ALGORITHM: Final = "HS256"
MAX_LENGTH: Final = 4096

_HEADER: Final = frozenset({"alg", "typ", "kid"})
_LATEST: Final = 253_402_300_799  # the last second of the year 9999


class JwtTokens(TokenHandler):
    """Issues with the first key and verifies with all of them; `kid` says which one it was.

    The algorithm is fixed, never taken from the token, and a header with anything beyond `alg`,
    `typ` and `kid` (`crit`, `jku`, `jwk`, `x5u`, `zip`) is refused.
    """

    name = NAME

    def __init__(self, keys: Sequence[bytes], issuer: str, clock: Clock) -> None:
        self._keys = {_key_id(key): key for key in keys}
        self._current = _key_id(keys[0])
        self._issuer = issuer
        self._clock = clock

    async def verify(self, token: str) -> Claims | None:
        """See `TokenHandler`."""
        if not token.startswith(PREFIX) or token.count(".") != 2:
            return None
        if len(token) > MAX_LENGTH or "=" in token:  # RFC 7515 §2: base64url without padding
            raise TokenInvalid("form")
        try:
            return self._claims(self._payload(token))
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise TokenInvalid(type(error).__name__) from None

    async def issue(self, claims: Claims) -> str:
        """See `TokenHandler`."""
        payload = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": claims.user_id,
            "sid": claims.session_id,
            "jti": new_id(),
            "iat": claims.issued_at,
            "nbf": claims.issued_at,
            "exp": claims.expires_at,
            "auth_time": claims.authenticated_at,
            "amr": list(claims.methods),
            "scope": " ".join(claims.scopes),
            "sv": claims.security_version,
            "type": "access",
        }
        header = {"typ": TYPE, "kid": self._current}
        return jwt.encode(payload, self._keys[self._current], ALGORITHM, headers=header)

    def _payload(self, token: str) -> Mapping[str, Any]:
        header = jwt.get_unverified_header(token)
        if set(header) != _HEADER or header["typ"] != TYPE or header["alg"] != ALGORITHM:
            raise ValueError("header")
        decoded: Mapping[str, Any] = jwt.decode(
            token,
            self._keys[header["kid"]],
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=self._issuer,
            # Times are checked against the server's clock below, and more strictly.
            options={
                "require": ["exp", "iat", "nbf", "sub", "iss", "aud"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        return decoded

    def _claims(self, payload: Mapping[str, Any]) -> Claims:
        now = self._clock.now().timestamp()
        claims = Claims(
            user_id=_id(payload["sub"]),
            session_id=_id(payload["sid"]),
            security_version=_whole(payload["sv"]),
            issued_at=_whole(payload["iat"]),
            expires_at=_whole(payload["exp"]),
            authenticated_at=_whole(payload["auth_time"]),
            methods=tuple(map(_text, payload["amr"])),
            scopes=tuple(_text(payload["scope"]).split()),
        )
        starts = max(claims.issued_at, _whole(payload["nbf"]))
        if starts > now + CLOCK_SKEW or claims.expires_at + CLOCK_SKEW < now:
            raise ValueError("time")
        if payload["aud"] != AUDIENCE or payload["type"] != "access":
            raise ValueError("type")
        return claims


def _key_id(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _id(value: Any) -> str:
    text = _text(value)
    if parse_id(text) != text:
        raise ValueError("id")
    return text


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _LATEST:
        raise ValueError("number")
    return value
