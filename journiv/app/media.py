"""Media: one set of services, made once, with its routes and what runs beside the server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from journiv.api.sending.sending import FileSending
from journiv.api.v1.media.files import MediaFileRoutes
from journiv.api.v1.media.media import MediaRoutes
from journiv.api.v1.media.uploads import UploadRoutes
from journiv.config import Settings
from journiv.contracts.jobs import Job
from journiv.contracts.media import MediaStore
from journiv.contracts.media_processing import MediaProcessor
from journiv.contracts.routes import RouteDef
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock
from journiv.services.media.adding import MEGABYTE, MediaAdding, UploadLimits
from journiv.services.media.media import MediaService
from journiv.services.media.pieces import PieceUploads
from journiv.services.media.processors import Processors
from journiv.services.media.rendering import Rendering
from journiv.services.media.signing import Lives, MediaSigner
from journiv.services.media.staging import Staging
from journiv.services.media.sweeping import MediaSweeper
from journiv.services.media.types import AllowedTypes

DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaParts:
    """What media are made of."""

    media: MediaService
    signer: MediaSigner
    adding: MediaAdding
    pieces: PieceUploads
    sending: FileSending
    rendering: Rendering
    sweeper: MediaSweeper

    def routes(self) -> Iterable[RouteDef]:
        """Return the operations below `/api/v1`."""
        yield from MediaRoutes(self.media, self.adding.limits).routes()
        yield from MediaFileRoutes(self.media, self.sending).routes()
        yield from UploadRoutes(self.media, self.adding, self.pieces).routes()

    def signed_routes(self) -> Iterable[RouteDef]:
        """Return the operations below `/media`."""
        return MediaFileRoutes(self.media, self.sending).signed_routes()

    def job(self) -> Job:
        """Return what repeats."""
        return Job(name="tidy-media", every=DAY, run=self.sweeper.tidy)


def make_media(
    settings: Settings,
    clock: Clock,
    store: Store,
    media: MediaStore,
    processors: Iterable[MediaProcessor],
    keys: tuple[bytes, ...],
) -> MediaParts:
    """Wire the services of media; `keys` sign addresses, the first of them new ones."""
    staging = Staging(media, settings.data / ".staging")
    known = Processors(processors)
    rendering = Rendering(store, media, staging, known, clock)
    adding = MediaAdding(
        store, media, staging, known, _limits(settings), clock, on_added=rendering.wake
    )
    signer = MediaSigner(keys, _lives(settings))
    return MediaParts(
        media=MediaService(store, signer, clock),
        signer=signer,
        adding=adding,
        pieces=PieceUploads(store, media, adding, clock),
        sending=FileSending(media),
        rendering=rendering,
        sweeper=MediaSweeper(store, media, staging, clock),
    )


def _limits(settings: Settings) -> UploadLimits:
    return UploadLimits(
        file=settings.max_file_size_mb * MEGABYTE,
        quota=settings.media_quota_mb * MEGABYTE,
        files=settings.media_max_files,
        kept_free=settings.media_min_free_mb * MEGABYTE,
        types=AllowedTypes(settings.allowed_media_types, settings.allowed_file_extensions),
    )


def _lives(settings: Settings) -> Lives:
    return Lives(
        image=settings.media_signed_url_ttl_seconds,
        video=settings.media_signed_url_video_ttl_seconds,
        thumbnail=settings.media_thumbnail_signed_url_ttl_seconds,
        grace=settings.media_signed_url_grace_seconds,
    )
