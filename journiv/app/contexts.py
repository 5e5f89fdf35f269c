"""What is opened before the server listens, and closed in reverse when it stops."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

from aiohttp import web

from journiv import loader
from journiv.app.parts import Parts
from journiv.contracts.listeners import Lifespan
from journiv.domain.scope import SYSTEM
from journiv.services.doctor.seen import Observer
from journiv.services.journal.catalogue import plant_catalogue
from journiv.services.server.scheduler import NamedJob, Scheduler

log = logging.getLogger("journiv.start")

Context = Callable[[web.Application], AsyncIterator[None]]


def contexts(parts: Parts) -> Iterable[Context]:
    """Return what is opened, in this order, before the server listens; closed in reverse."""
    providers = parts.providers
    yield _store(parts)
    yield _rate_limiter(parts)
    yield _media(parts)
    for authenticator in providers.authenticators:
        yield _closing(authenticator.close)
    for _, lifespan in parts.contributions.lifespans:
        yield _lifespan(lifespan)
    yield _started(parts.events.start, parts.events.stop)  # delivers before lifespans end
    transfers = parts.transfers
    yield _started(transfers.runner.start, transfers.runner.stop)
    jobs = [NamedJob(name, job) for name, job in parts.contributions.jobs.items()]
    jobs.append(transfers.cleaning)
    media = parts.media
    yield _started(media.rendering.start, media.rendering.stop)
    yield _started(media.sweeper.start, media.sweeper.stop)
    jobs.append(NamedJob("journiv.tidy-media", media.job()))
    if parts.backups is not None:
        yield _closing(parts.backups.close)
        jobs.append(NamedJob("journiv.back-up", parts.backups.job()))
    scheduler = Scheduler(providers.store, parts.clock, jobs)
    yield _started(scheduler.start, scheduler.stop)
    observer = Observer(providers.store, parts.clock, parts.seen, parts.settings.secret_key)
    yield _started(observer.start, observer.stop)
    yield parts.health.running


def _store(parts: Parts) -> Context:
    store = parts.providers.store

    async def context(app: web.Application) -> AsyncIterator[None]:
        await loader.open_store(store, parts.providers.store_plugin, parts.settings)
        try:
            parts.host.store = store
            await plant_catalogue(store, parts.clock)
            await _warn_of_open_door(parts)
            yield
        finally:
            parts.host.store = None
            await store.close()

    return context


def _rate_limiter(parts: Parts) -> Context:
    limiter, plugin = parts.providers.rate_limiter, parts.providers.rate_limiter_plugin

    async def context(app: web.Application) -> AsyncIterator[None]:
        try:
            await loader.retried(limiter.open, plugin, parts.settings.startup_timeout)
            yield
        finally:
            await limiter.close()

    return context


def _media(parts: Parts) -> Context:
    media, plugin = parts.providers.media, parts.providers.media_plugin

    async def context(app: web.Application) -> AsyncIterator[None]:
        try:
            await loader.retried(media.ping, plugin, parts.settings.startup_timeout)
            yield
        finally:
            await media.close()

    return context


async def _warn_of_open_door(parts: Parts) -> None:
    """Say who may become administrator while there is no account, and that nobody can sign in."""
    settings = parts.settings
    if not parts.providers.authenticators:
        log.warning("JOURNIV_AUTH is none, so nobody can sign in.")
    elif settings.setup_token is None and settings.environment != "test":
        accounts = await parts.providers.store.read(SYSTEM, lambda tx: tx.users.count())
        if not accounts:
            log.warning(
                "There is no account yet, and whoever registers first becomes the administrator. "
                "SETUP_TOKEN keeps others from being first."
            )


def _started(start: Callable[[], Awaitable[None]], stop: Callable[[], Awaitable[None]]) -> Context:
    async def context(app: web.Application) -> AsyncIterator[None]:
        await start()
        yield
        await stop()

    return context


def _closing(close: Callable[[], Awaitable[None]]) -> Context:
    async def context(app: web.Application) -> AsyncIterator[None]:
        yield
        await close()

    return context


def _lifespan(lifespan: Lifespan) -> Context:
    async def context(app: web.Application) -> AsyncIterator[None]:
        async with lifespan():
            yield

    return context
