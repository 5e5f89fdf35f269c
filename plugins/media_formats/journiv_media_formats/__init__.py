"""Pictures, films and sounds: recognised, measured, cleaned and drawn in a confined process."""

from __future__ import annotations

from collections.abc import Iterable

from journiv import hookimpl
from journiv.contracts.context import PluginContext
from journiv.contracts.media_processing import MediaProcessor

JOURNIV_API = "0.1"


@hookimpl
def journiv_register_media_processors(ctx: PluginContext) -> Iterable[MediaProcessor]:
    """Offer pictures, and films with sounds."""
    from journiv_media_formats.process import WorkerProcess
    from journiv_media_formats.processors import Pictures, Recordings

    uploads, thumbnails = WorkerProcess(ctx.log), WorkerProcess(ctx.log)
    return [Pictures(uploads, thumbnails), Recordings(uploads, thumbnails)]
