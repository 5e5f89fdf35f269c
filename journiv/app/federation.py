"""Sign-in by redirect: the routes of each authenticator that sends browsers elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aiohttp_session import AbstractStorage

from journiv.api.v1.federation.oidc import OidcRoutes
from journiv.api.v1.federation.oidc_flow import Flow, cookie_options, cookie_storage
from journiv.api.v1.federation.oidc_link import OidcLinkRoutes
from journiv.api.v1.federation.oidc_logout import OidcLogoutRoutes
from journiv.api.v1.federation.oidc_off import OidcOffRoutes
from journiv.app.guards import Guards
from journiv.app.parts import Parts
from journiv.contracts.auth import RedirectAuthenticator
from journiv.contracts.routes import RouteDef
from journiv.services.federation.federation import Federation, FederationPolicy
from journiv.services.federation.identities import OwnIdentities
from journiv.services.federation.linking import Linking


def redirecting(parts: Parts) -> Sequence[RedirectAuthenticator]:
    """Return the authenticators that send browsers elsewhere."""
    every = parts.providers.authenticators
    return [one for one in every if isinstance(one, RedirectAuthenticator)]


def federation_routes(parts: Parts, guards: Guards) -> Iterable[RouteDef]:
    """Return the way out and back, linking, and logout of each provider."""
    url = parts.settings.public_url
    federation, linking, identities = _services(parts, guards)
    authenticators = redirecting(parts)
    if not authenticators:
        yield from OidcOffRoutes().routes()
        return
    flow = Flow(_flow_storage(parts), parts.providers.store, parts.clock)
    for authenticator in authenticators:
        yield from OidcRoutes(
            authenticator,
            federation,
            _policy(parts, authenticator),
            linking,
            identities,
            flow,
            guards.cookie,
            public_url=url,
        ).routes()
        yield from OidcLinkRoutes(authenticator, linking, identities, flow, guards.cookie).routes()
        yield from OidcLogoutRoutes(authenticator.name, guards.leaving, public_url=url).routes()


def _flow_storage(parts: Parts) -> AbstractStorage:
    """Return where a browser's sign-in is kept: Redis when there is one, else its cookie."""
    url, redis_url = parts.settings.public_url, parts.settings.redis_url
    if redis_url is None:
        return cookie_storage(url, parts.host.context("journiv").secrets("oidc-flow/1"))
    from journiv.api.v1.federation.oidc_redis import RedisStorage

    return RedisStorage(redis_url, **cookie_options(url))


def _services(parts: Parts, guards: Guards) -> tuple[Federation, Linking, OwnIdentities]:
    store, clock = parts.providers.store, parts.clock
    audit, origins = guards.audit, guards.origins
    federation = Federation(
        store,
        clock,
        guards.sessions,
        parts.events.publish,
        audit,
        origins,
        guards.challenges,
    )
    linking = Linking(
        store,
        clock,
        guards.passwords,
        guards.sessions,
        guards.backoff,
        audit,
        guards.factor,
        origins,
    )
    active = [authenticator.name for authenticator in parts.providers.authenticators]
    identities = OwnIdentities(store, clock, guards.recent, audit, origins, active)
    return federation, linking, identities


def _policy(parts: Parts, authenticator: RedirectAuthenticator) -> FederationPolicy:
    return FederationPolicy(
        provisions=authenticator.provisions,
        guarded=parts.settings.setup_token is not None,
        links_by_email=authenticator.links_by_email,
    )
