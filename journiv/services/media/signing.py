"""Addresses of media that open without a token, for a while (security.md D12)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from journiv.contracts.records import MediaRecord
from journiv.domain.errors import Forbidden

ORIGINAL: Final = "original"
THUMBNAIL: Final = "thumbnail"
REFUSED: Final = "This address is not valid, or no longer."
_GRIDS: Final = 4


@dataclass(frozen=True, slots=True)
class Lives:
    """How many seconds addresses live, and how long after that they are still answered."""

    image: int = 300
    video: int = 1200
    thumbnail: int = 86_400
    grace: int = 60


@dataclass(frozen=True, slots=True)
class Signed:
    """An address, and the second of the epoch at which it ends."""

    url: str
    expires_at: int


class MediaSigner:
    """Makes and checks signatures. The first key signs, every key verifies.

    A signature is bound to the medium, the variant, the person and their security version, so that
    a new password ends every address at once.
    """

    def __init__(self, keys: Sequence[bytes], lives: Lives) -> None:
        self._keys = tuple(keys)
        self._lives = lives

    def sign(self, medium: MediaRecord, variant: str, security_version: int, now: float) -> Signed:
        """Return the address of one variant of a medium."""
        life = self._life(medium["kind"], variant)
        grid = max(1, life // _GRIDS)  # the same address for a while, so that browsers may keep it
        expires = int(now + life) // grid * grid
        media_id, user_id = medium["id"], medium["user_id"]
        proof = _proof(self._keys[0], media_id, variant, user_id, security_version, expires)
        place = "" if variant == ORIGINAL else "/thumbnail"
        size = "" if variant in (ORIGINAL, THUMBNAIL) else f"&size={variant}"
        query = f"uid={user_id}&exp={expires}&sig={proof}{size}"
        return Signed(f"/api/v1/media/{media_id}{place}/signed?{query}", expires)

    def check(
        self,
        *,
        media_id: str,
        variant: str,
        user_id: str,
        security_version: int,
        expires: int,
        proof: str,
        now: float,
    ) -> int:
        """Return for how many seconds the address still lives. Raises `Forbidden`."""
        wanted = (
            _proof(key, media_id, variant, user_id, security_version, expires) for key in self._keys
        )
        matches = [hmac.compare_digest(one.encode(), proof.encode()) for one in wanted]
        left = expires - now
        if not any(matches) or left + self._lives.grace < 0:
            raise Forbidden(REFUSED)
        return max(0, int(left))

    def _life(self, kind: str, variant: str) -> int:
        if variant != ORIGINAL:
            return self._lives.thumbnail
        return self._lives.video if kind in ("video", "audio") else self._lives.image


def _proof(
    key: bytes, media_id: str, variant: str, user_id: str, security_version: int, expires: int
) -> str:
    text = f"1|{media_id}|{variant}|{user_id}|{security_version}|{expires}"
    digest = hmac.digest(key, text.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
