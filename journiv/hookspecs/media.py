"""Media stores."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.contracts.media import MediaBackend
from journiv.hookspecs.markers import hookspec


@hookspec
def journiv_register_media_stores() -> Iterable[MediaBackend]:  # type: ignore[empty-body]
    """Offer places for the bytes of pictures, sounds and films.

    Called by: the loader, at start; the scheme of `JOURNIV_MEDIA_URL` chooses one.

    Returns:
        Descriptors; their `create` runs only for the chosen one.

    Several plugins: names and schemes are unique; `JOURNIV_MEDIA_STORE=<plugin>` settles a clash.
    Errors: no media store for the scheme stops the start.
    Since: 0.1. Stability: provisional. Used by: builtin (`file`).
    """
