"""How large a picture may say it is, before anything of it is decoded."""

from __future__ import annotations

from typing import Final

from journiv_media_formats.worker.refusal import Refused

MOST_PIXELS: Final = 80_000_000
LONGEST_SIDE: Final = 30_000
MOST_FRAMES: Final = 500


def check_size(width: int, height: int) -> None:
    """Raise `Refused` for too many pixels, or for too long a side."""
    if width * height > MOST_PIXELS:
        raise too_many_pixels()
    if max(width, height) > LONGEST_SIDE:
        raise Refused(f"This picture has a side of more than {LONGEST_SIDE} pixels.")


def check_frames(count: int) -> None:
    """Raise `Refused` for too many frames."""
    if count > MOST_FRAMES:
        raise Refused(f"This picture has more than {MOST_FRAMES} frames.")


def too_many_pixels() -> Refused:
    """Return the refusal that names the budget."""
    return Refused(f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels.")
