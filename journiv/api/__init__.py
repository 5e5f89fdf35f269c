"""The HTTP edge: aiohttp stays in here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aiohttp import web

from journiv.api.accesslog import AccessLog, Write
from journiv.api.bodies import MAX_BYTES
from journiv.api.dispatch import Endpoint
from journiv.api.docs import DocumentRoutes, LandingRoutes
from journiv.api.keys import SEEN_PROXIES
from journiv.api.limits import RateLimits
from journiv.api.middleware import cors
from journiv.api.middleware.admission import Admission, PrincipalOf
from journiv.api.middleware.boundary import Boundary
from journiv.api.middleware.capacity import Capacity
from journiv.api.middleware.headers import HEADERS, SecurityHeaders
from journiv.api.middleware.host import HostCheck
from journiv.api.middleware.idempotency import Idempotency
from journiv.api.middleware.proxies import Proxies
from journiv.api.middleware.unmatched import Unmatched
from journiv.api.routing import Mount, register
from journiv.api.serving import runner
from journiv.api.spa import WebApp
from journiv.api.wellknown import WellKnownRoutes
from journiv.config.settings import Settings
from journiv.contracts.ratelimit import RateLimiter
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock
from journiv.services.doctor.seen import Seen

__all__ = ["Mount", "build", "runner"]


def build(
    settings: Settings,
    mounts: Sequence[Mount],
    *,
    principal: PrincipalOf,
    limiter: RateLimiter,
    store: Store,
    clock: Clock,
    version: str,
    access_log: Write | None = None,
    documented: bool | None = None,
    seen: Seen | None = None,
) -> web.Application:
    """Make the application that serves `mounts`.

    A request passes the middlewares in the order of the list below; the route's own `Endpoint`
    then admits the caller, reads the input and calls the handler. `access_log` takes the bytes of
    log lines. `documented` says whether `/api/v1/openapi.json` is served (None: not in production).
    `seen` is where requests are counted by what they show about proxies.
    Raises `ValueError` or `TypeError` for a route that is wrong.
    """
    https = settings.domain_scheme == "https"
    proxies = Proxies(settings.trusted_proxies, https=https, seen=seen)
    log = AccessLog(access_log)
    admission = Admission(principal, _limits(settings, limiter))
    web_app = WebApp(settings.web, settings.app_name, https=https)
    app = web.Application(
        client_max_size=MAX_BYTES,
        middlewares=[
            Boundary(proxies.client_of, log).handle,
            Capacity(settings.max_in_flight).handle,
            HostCheck([settings.domain_name or "", *settings.allowed_hosts]).handle,
        ],
    )
    app[SEEN_PROXIES] = proxies.seen
    headers = SecurityHeaders(https=https, subdomains=settings.hsts_include_subdomains)
    app.on_response_prepare.append(headers.complete)
    app[HEADERS] = headers
    if settings.enable_cors:
        pages = cors.enable(app, settings.cors_origins, credentials=settings.cors_credentials)
        app.middlewares.append(pages.handle)
    app.middlewares.append(Unmatched(web_app, admission).handle)
    app.on_startup.append(web_app.scan)
    app.on_cleanup.append(log.finish)
    idempotency = Idempotency(store, clock)
    register(
        app,
        _described(settings, [*mounts, *_at_root(settings, web_app, clock)], version, documented),
        lambda route, path: Endpoint(route, path, admission, idempotency),
    )
    return app


def _at_root(settings: Settings, web_app: WebApp, clock: Clock) -> Iterable[Mount]:
    """Return what stands beside `/api`."""
    yield Mount("", LandingRoutes(settings.app_name, web_app).routes())
    yield Mount("", WellKnownRoutes(settings, clock).routes())


def _described(
    settings: Settings, mounts: Sequence[Mount], version: str, documented: bool | None
) -> Sequence[Mount]:
    """Add the description of all of it, where that is wanted."""
    if documented or (documented is None and not settings.production):
        docs = DocumentRoutes(mounts, title=settings.app_name, version=version)
        return [*mounts, Mount("/api/v1", docs.routes())]
    return mounts


def _limits(settings: Settings, limiter: RateLimiter) -> RateLimits | None:
    if not settings.rate_limit_enabled:
        return None
    return RateLimits(
        limiter,
        per_minute=settings.rate_limit_per_minute,
        signed_in_factor=settings.rate_limit_signed_in_factor,
        exempt=settings.rate_limit_exempt_cidrs,
    )
