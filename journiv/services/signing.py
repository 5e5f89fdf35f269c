"""Proofs in addresses that open without a token, for a while (security.md D12, D14)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from journiv.domain.errors import Forbidden

REFUSED: Final = "This address is not valid, or no longer."


@dataclass(frozen=True, slots=True)
class Signed:
    """An address, and the second of the epoch at which it ends."""

    url: str
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an address says of itself, as it came: nothing of it is believed yet."""

    user_id: str
    expires: int
    proof: str


class Seal:
    """Makes and checks proofs. The first key makes them, every key verifies.

    `grace` is how many seconds after its end an address is still answered.
    """

    def __init__(self, keys: Sequence[bytes], grace: int = 0) -> None:
        self._keys = tuple(keys)
        self._grace = grace

    def proof(self, *named: object, expires: int) -> str:
        """Return the proof of an address that names these things and ends then."""
        return _proof(self._keys[0], named, expires)

    def check(self, *named: object, claim: Claim, now: float) -> int:
        """Return for how many seconds an address still lives. Raises `Forbidden`."""
        wanted = (_proof(key, named, claim.expires) for key in self._keys)
        given = claim.proof.encode()
        matches = [hmac.compare_digest(one.encode(), given) for one in wanted]
        left = claim.expires - now
        if not any(matches) or left + self._grace < 0:
            raise Forbidden(REFUSED)
        return max(0, int(left))


def _proof(key: bytes, named: Sequence[object], expires: int) -> str:
    text = "|".join(str(one) for one in ("1", *named, expires))
    digest = hmac.digest(key, text.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
