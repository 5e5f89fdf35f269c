"""Where things are: what belongs to programs, never to the pages of the web app."""

from __future__ import annotations

from typing import Final

API: Final = "/api/"
MEDIA: Final = "/media/"


def is_for_programs(path: str) -> bool:
    """Say whether a path must never be answered with a page."""
    return f"{path}/".startswith((API, MEDIA))
