"""Access tokens as an attacker would make them: by hand, from RFC 7515 and RFC 5869 alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Token:
    """A token taken apart; `text` puts it together, signed anew with `key`."""

    header: Json
    claims: Json
    key: bytes

    @classmethod
    def of(cls, text: str, key: bytes) -> Token:
        """Take a token apart; `key` is what it is signed with from now on."""
        header, claims, _ = text.split(".")
        return cls(json.loads(decoded(header)), json.loads(decoded(claims)), key)

    def claiming(self, **claims: Any) -> Token:
        """The same with other claims; those that are `...` are left out."""
        return replace(self, claims=_merged(self.claims, claims))

    def headed(self, **header: Any) -> Token:
        """The same with another header; members that are `...` are left out."""
        return replace(self, header=_merged(self.header, header))

    def text(self, digest: str = "sha256") -> str:
        """The token, signed with HMAC."""
        signed = self.unsigned()
        return f"{signed}.{encoded(hmac.digest(self.key, signed.encode(), digest))}"

    def unsigned(self) -> str:
        """Header and claims."""
        return ".".join(encoded(json.dumps(part).encode()) for part in (self.header, self.claims))


def sub_key(secret_key: str, purpose: str) -> bytes:
    """HKDF-SHA256 (RFC 5869) with an empty salt: one block of the key for one purpose."""
    extracted = hmac.digest(bytes(32), secret_key.encode(), "sha256")
    return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")


def key_id(key: bytes) -> str:
    """What a token's `kid` says of its key."""
    return hashlib.sha256(key).hexdigest()[:8]


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _merged(old: Json, new: Mapping[str, Any]) -> Json:
    return {name: value for name, value in {**old, **new}.items() if value is not ...}
