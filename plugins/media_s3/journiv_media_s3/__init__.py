"""Media in an object store that speaks S3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from journiv import hookimpl
from journiv.contracts.context import PluginContext
from journiv.contracts.media import MediaBackend, MediaStore
from journiv_media_s3.settings import SCHEMA

JOURNIV_API: Final = "0.1"


@hookimpl
def journiv_config_schema() -> Mapping[str, Any]:
    """Describe the section `[media_s3]`."""
    return SCHEMA


@hookimpl
def journiv_register_media_stores() -> Iterable[MediaBackend]:
    """Offer the media store."""
    return [
        MediaBackend(
            name="s3",
            schemes=("s3",),
            summary="objects in a bucket of S3 or what speaks like it",
            create=_create,
        )
    ]


def _create(settings: Mapping[str, Any], ctx: PluginContext) -> MediaStore:
    from journiv_media_s3.bucket import bucket_at
    from journiv_media_s3.media import S3Media

    return S3Media(bucket_at(ctx.core.media_url, settings))
