"""Media stores and media processors."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.contracts.context import PluginContext
from journiv.contracts.media import MediaBackend
from journiv.contracts.media_processing import MediaProcessor
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


@hookspec
def journiv_register_media_processors(ctx: PluginContext) -> Iterable[MediaProcessor]:
    """Offer formats of pictures, sounds and films, and what can be done with them.

    Called by: the loader, after selection, for the server and the commands that need media.

    Returns:
        Processors with a unique `name`; each media type belongs to one of them.

    Several plugins: all are asked to sniff, in plugin order; the first that knows decides.
    Errors: a name or a media type twice stops the start.
    Since: 0.1. Stability: provisional. Used by: media_formats.
    """
    return ()
