"""Every route under its prefix: the core's, the authenticators' and the plugins'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from journiv import __version__, api, loader
from journiv.api.v1.server.doctor import DoctorRoutes
from journiv.api.v1.server.health import HealthRoutes
from journiv.api.v1.server.instance import InstanceRoutes
from journiv.api.v1.server.security import SecurityRoutes
from journiv.app.accounts import account_routes
from journiv.app.journal import diary_routes, mood_and_prompt_routes, tag_routes
from journiv.app.parts import Parts
from journiv.app.transfers import transfer_routes
from journiv.contracts.routes import RouteDef
from journiv.services.accounts.audit import Audit
from journiv.services.doctor.doctor import Doctor
from journiv.services.server.instance import InstanceService

API = "/api/v1"


def mounts(parts: Parts) -> Sequence[api.Mount]:
    """Return every route under its prefix; two owners of one path stop the start."""
    health = HealthRoutes(parts.health, parts.clock, __version__)
    core = [*health.routes(), *_core_routes(parts)]
    owned: list[tuple[str, api.Mount]] = [
        ("journiv", api.Mount("", health.probes())),
        ("journiv", api.Mount(API, core)),
        ("journiv", api.Mount("", tuple(parts.media.signed_routes()))),
    ]
    owned += [
        (authenticator.name, api.Mount(API, tuple(authenticator.routes())))
        for authenticator in parts.providers.authenticators
    ]
    owned += [
        (plugin, api.Mount(f"{API}/x/{plugin}", routes))
        for plugin, routes in parts.contributions.routes.items()
    ]
    loader.refuse_route_clashes(
        (owner, route.method, path) for owner, mount in owned for route, path in mount.templates()
    )
    return [mount for _, mount in owned]


def _core_routes(parts: Parts) -> Iterable[RouteDef]:
    """Return the core's operations below `/api/v1`, a service and its routes at a time."""
    yield from account_routes(parts)
    yield from diary_routes(parts)
    yield from mood_and_prompt_routes(parts)
    yield from tag_routes(parts)
    yield from transfer_routes(parts.settings, parts.transfers, parts.media.sending)
    yield from parts.media.routes()
    yield from _instance_routes(parts)


def _instance_routes(parts: Parts) -> Iterable[RouteDef]:
    settings, providers = parts.settings, parts.providers
    instance = InstanceService(providers.store, parts.clock, __version__)
    options = [authenticator.option() for authenticator in providers.authenticators]
    yield from InstanceRoutes(settings, options, instance, __version__).routes()
    yield from SecurityRoutes(settings, parts.clock).routes()
    yield from DoctorRoutes(_doctor(parts)).routes()


def _doctor(parts: Parts) -> Doctor:
    store, keys = parts.providers.store, parts.host.context("journiv")
    return Doctor(
        parts.settings,
        store,
        parts.clock,
        __version__,
        authenticators=parts.providers.authenticators,
        audit=Audit(store, keys.secrets("audit/1"), keys.secrets("pseudonym/1")),
        seen=parts.seen,
    )
