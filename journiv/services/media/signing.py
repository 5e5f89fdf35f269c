"""Addresses of media that open without a token, for a while (security.md D12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from journiv.contracts.records import MediaRecord
from journiv.services.signing import Claim, Seal, Signed

ORIGINAL: Final = "original"
THUMBNAIL: Final = "thumbnail"
_GRIDS: Final = 4


@dataclass(frozen=True, slots=True)
class Lives:
    """How many seconds addresses live, and how long after that they are still answered."""

    image: int = 300
    video: int = 1200
    thumbnail: int = 86_400
    grace: int = 60


class MediaSigner:
    """Makes and checks signatures; the first of `keys` signs, every key verifies.

    A signature is bound to the medium, the variant, the person and their security version, so that
    a new password ends every address at once.
    """

    def __init__(self, keys: Sequence[bytes], lives: Lives) -> None:
        self._seal = Seal(keys, lives.grace)
        self._lives = lives

    def sign(self, medium: MediaRecord, variant: str, security_version: int, now: float) -> Signed:
        """Return the address of one variant of a medium."""
        life = self._life(medium["kind"], variant)
        grid = max(1, life // _GRIDS)  # the same address for a while, so that browsers may keep it
        expires = int(now + life) // grid * grid
        media_id, user_id = medium["id"], medium["user_id"]
        proof = self._seal.proof(media_id, variant, user_id, security_version, expires=expires)
        place = "" if variant == ORIGINAL else "/thumbnail"
        size = "" if variant in (ORIGINAL, THUMBNAIL) else f"&size={variant}"
        query = f"uid={user_id}&exp={expires}&sig={proof}{size}"
        return Signed(f"/api/v1/media/{media_id}{place}/signed?{query}", expires)

    def check(
        self, media_id: str, variant: str, security_version: int, claim: Claim, now: float
    ) -> int:
        """Return for how many seconds the address still lives. Raises `Forbidden`."""
        named = (media_id, variant, claim.user_id, security_version)
        return self._seal.check(*named, claim=claim, now=now)

    def _life(self, kind: str, variant: str) -> int:
        if variant != ORIGINAL:
            return self._lives.thumbnail
        return self._lives.video if kind in ("video", "audio") else self._lives.image
