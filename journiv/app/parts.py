"""What the application is made of, before any of it is opened."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from journiv import config, loader
from journiv.api.health import Health
from journiv.app.backups import schedule_of
from journiv.app.media import MediaParts, make_media
from journiv.app.transfers import TransferParts, transfer_parts
from journiv.builtin.memory_limiter import MemoryLimiter
from journiv.config import Settings
from journiv.domain.clock import Clock
from journiv.loader import Contributions, Host, Plugins, Providers
from journiv.services.backup.schedule import BackupSchedule
from journiv.services.doctor.seen import Seen
from journiv.services.server.events import EventBus
from journiv.services.server.limiting import FallbackLimiter

log = logging.getLogger("journiv.start")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What services and routes are made of. Nothing here is open yet."""

    settings: Settings
    clock: Clock
    host: Host
    providers: Providers
    contributions: Contributions
    events: EventBus
    media: MediaParts
    health: Health
    seen: Seen
    transfers: TransferParts
    backups: BackupSchedule | None


def collect_parts(plugins: Plugins) -> Parts:
    """Select and construct the providers. Raises `ConfigError`; opens nothing."""
    settings = plugins.settings
    clock = config.clock(settings)
    host = Host(settings, clock)
    selection = plugins.select()
    log.info("using %s", ", ".join(f"{what} ({owner})" for owner, what in selection.in_use()))
    providers = _with_fallback(loader.construct(selection, host))
    contributions = loader.contributions(plugins.calls, host)
    media = make_media(
        settings,
        clock,
        providers.store,
        providers.media,
        loader.media_processors(plugins.calls, host),
        host.context("journiv").secrets("media-url/1"),
    )
    return Parts(
        settings=settings,
        clock=clock,
        host=host,
        providers=providers,
        contributions=contributions,
        media=media,
        events=EventBus(listener for _, listener in contributions.listeners),
        health=Health(
            {"database": providers.store.ping, "rate limiter": providers.rate_limiter.ping}
        ),
        seen=Seen(),
        transfers=transfer_parts(
            settings,
            clock,
            providers,
            loader.importers(plugins.calls),
            loader.exporters(plugins.calls),
            media.adding,
            host.context("journiv").secrets("export-url/1"),
        ),
        backups=schedule_of(plugins, clock, providers),
    )


def _with_fallback(providers: Providers) -> Providers:
    """Put this process's own counting behind a limiter that may fail."""
    limiter = providers.rate_limiter
    if isinstance(limiter, MemoryLimiter):
        return providers
    return replace(providers, rate_limiter=FallbackLimiter(limiter, MemoryLimiter()))
