"""The core's own plugin, loaded like any other: defaults that need nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from journiv import hookimpl
from journiv.builtin import housekeeping
from journiv.contracts.context import PluginContext
from journiv.contracts.jobs import Job
from journiv.contracts.media import MediaBackend, MediaStore
from journiv.contracts.ratelimit import RateLimitBackend, RateLimiter
from journiv.contracts.tokens import TokenBackend, TokenHandler
from journiv.contracts.transfer import Exporter, Importer

JOURNIV_API: Final = "0.1"


@hookimpl
def journiv_register_rate_limiters() -> Iterable[RateLimitBackend]:
    """See the hook specification."""
    return [
        RateLimitBackend(
            name="memory", schemes=("memory",), summary="counts in this process", create=_limiter
        )
    ]


@hookimpl
def journiv_register_media_stores() -> Iterable[MediaBackend]:
    """See the hook specification."""
    return [
        MediaBackend(name="file", schemes=("file",), summary="files in a folder", create=_media)
    ]


@hookimpl
def journiv_register_token_handlers() -> Iterable[TokenBackend]:
    """See the hook specification."""
    return [
        TokenBackend(name="opaque", prefix="jo_", summary="sealed session tokens", create=_tokens),
        TokenBackend(
            name="personal",
            prefix="jpat_",
            summary="personal access tokens",
            create=_personal_tokens,
            issues=False,
        ),
    ]


@hookimpl
def journiv_register_importers() -> Iterable[Importer]:
    """See the hook specification."""
    from journiv.builtin.archive import ArchiveImporter
    from journiv.builtin.ndjson import NdjsonImporter

    return [ArchiveImporter(), NdjsonImporter()]


@hookimpl
def journiv_register_exporters() -> Iterable[Exporter]:
    """See the hook specification."""
    from journiv.builtin.archive import ArchiveExporter
    from journiv.builtin.exports.html import HtmlExporter
    from journiv.builtin.exports.journiv_layout import JournivLayoutExporter
    from journiv.builtin.exports.markdown import MarkdownExporter
    from journiv.builtin.ndjson import NdjsonExporter

    return [
        ArchiveExporter(),
        HtmlExporter(),
        JournivLayoutExporter(),
        MarkdownExporter(),
        NdjsonExporter(),
    ]


@hookimpl
def journiv_register_jobs(ctx: PluginContext) -> Iterable[Job]:
    """See the hook specification."""
    return housekeeping.jobs(ctx)


def _limiter(settings: Mapping[str, Any], ctx: PluginContext) -> RateLimiter:
    from journiv.builtin.memory_limiter import MemoryLimiter

    return MemoryLimiter()


def _media(settings: Mapping[str, Any], ctx: PluginContext) -> MediaStore:
    from journiv.builtin.filesystem_media import FilesystemMedia

    return FilesystemMedia(ctx.core.media_url)


def _tokens(settings: Mapping[str, Any], ctx: PluginContext) -> TokenHandler:
    from journiv.builtin.opaque_tokens import OpaqueTokens

    return OpaqueTokens(ctx.secrets("opaque/1"), ctx.clock)


def _personal_tokens(settings: Mapping[str, Any], ctx: PluginContext) -> TokenHandler:
    from journiv.builtin.personal_tokens import PersonalTokens

    return PersonalTokens(ctx)
