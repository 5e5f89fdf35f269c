"""The composition root: from loaded plugins to one application. Only this file knows everything."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from aiohttp import web

from journiv import __version__, api, config, loader
from journiv.api.accesslog import Write
from journiv.api.health import Health
from journiv.api.v1.admin import AdminRoutes
from journiv.api.v1.analytics import AnalyticsRoutes
from journiv.api.v1.audit import AuditRoutes
from journiv.api.v1.auth import AuthRoutes
from journiv.api.v1.drafts import DraftRoutes
from journiv.api.v1.entries import EntryRoutes
from journiv.api.v1.entry_tags import EntryTagRoutes
from journiv.api.v1.health import HealthRoutes
from journiv.api.v1.instance import InstanceRoutes
from journiv.api.v1.invites import InviteRoutes
from journiv.api.v1.journals import JournalRoutes
from journiv.api.v1.mood_insights import MoodInsightRoutes
from journiv.api.v1.mood_logs import MoodLogRoutes
from journiv.api.v1.moods import MoodRoutes
from journiv.api.v1.oidc import OidcRoutes
from journiv.api.v1.prompts import PromptRoutes
from journiv.api.v1.refresh_cookie import RefreshCookie
from journiv.api.v1.revisions import RevisionRoutes
from journiv.api.v1.search import SearchRoutes
from journiv.api.v1.security import SecurityRoutes
from journiv.api.v1.sessions import SessionRoutes
from journiv.api.v1.tag_insights import TagInsightRoutes
from journiv.api.v1.tags import TagRoutes
from journiv.api.v1.timeline import TimelineRoutes
from journiv.api.v1.tokens import TokenRoutes
from journiv.api.v1.totp import TotpRoutes
from journiv.api.v1.trash import TrashRoutes
from journiv.api.v1.users import UserRoutes
from journiv.config import Settings
from journiv.contracts.auth import RedirectAuthenticator
from journiv.contracts.listeners import Lifespan
from journiv.contracts.routes import RouteDef
from journiv.domain.clock import Clock
from journiv.domain.scope import SYSTEM
from journiv.loader import Contributions, Host, Plugins, Providers
from journiv.services.access_tokens import AccessTokenService
from journiv.services.accounts import Accounts, SignUpPolicy
from journiv.services.admin import Administration
from journiv.services.analytics import AnalyticsService
from journiv.services.audit import Audit
from journiv.services.backoff import Backoff
from journiv.services.catalogue import plant_catalogue
from journiv.services.drafts import DraftService
from journiv.services.entries import EntryService
from journiv.services.events import EventBus
from journiv.services.federation import Federation, FederationPolicy
from journiv.services.instance import InstanceService
from journiv.services.invites import Invites, invite_links
from journiv.services.journals import JournalService
from journiv.services.mfa import Challenges
from journiv.services.mood_insights import MoodInsightService
from journiv.services.mood_logs import MoodLogService
from journiv.services.moods import MoodService
from journiv.services.passwords import Passwords
from journiv.services.preferences import Preferences
from journiv.services.principals import Principals
from journiv.services.prompts import PromptService
from journiv.services.recent_auth import RecentAuth
from journiv.services.resets import Resets
from journiv.services.revisions import RevisionService
from journiv.services.scheduler import NamedJob, Scheduler
from journiv.services.sealing import Sealing
from journiv.services.search import SearchService
from journiv.services.second_factor import SecondFactor
from journiv.services.sessions import SessionRules, Sessions
from journiv.services.signin import SignIn
from journiv.services.tag_insights import TagInsightService
from journiv.services.tags import TagService
from journiv.services.timeline import TimelineService
from journiv.services.totp import TotpService
from journiv.services.trash import TrashService

API = "/api/v1"

log = logging.getLogger("journiv.start")

Context = Callable[[web.Application], AsyncIterator[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What services and routes are made of. Nothing here is open yet."""

    settings: Settings
    clock: Clock
    host: Host
    providers: Providers
    contributions: Contributions
    events: EventBus
    health: Health


def build(plugins: Plugins, access_log: Write | None = None) -> web.Application:
    """Make the application. Raises `ConfigError`; does no I/O.

    `plugins` is not kept: once this returns, no request can reach a hook.
    """
    parts = _parts(plugins)
    mounts = _mounts(parts)
    providers = parts.providers
    principals = Principals(providers.store, parts.clock, providers.token_handlers)
    app = api.build(
        parts.settings,
        mounts,
        version=__version__,
        principal=principals.principal,
        limiter=providers.rate_limiter,
        store=providers.store,
        clock=parts.clock,
        access_log=access_log,
        documented=parts.settings.api_docs,
    )
    app.cleanup_ctx.extend(_contexts(parts))
    app.on_shutdown.append(parts.health.stop)
    return app


def _parts(plugins: Plugins) -> Parts:
    settings = plugins.settings
    clock = config.clock(settings)
    host = Host(settings, clock)
    selection = plugins.select()
    log.info("using %s", ", ".join(f"{what} ({owner})" for owner, what in selection.in_use()))
    providers = loader.construct(selection, host)
    contributions = loader.contributions(plugins.calls, host)
    return Parts(
        settings=settings,
        clock=clock,
        host=host,
        providers=providers,
        contributions=contributions,
        events=EventBus(listener for _, listener in contributions.listeners),
        health=Health({"database": providers.store.ping}),
    )


def _mounts(parts: Parts) -> Sequence[api.Mount]:
    """Return every route under its prefix; two owners of one path stop the start."""
    health = HealthRoutes(parts.health, parts.clock, __version__)
    core = [*health.routes(), *_core_routes(parts)]
    owned: list[tuple[str, api.Mount]] = [
        ("journiv", api.Mount("", health.probes())),
        ("journiv", api.Mount(API, core)),
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
    yield from _account_routes(parts)
    yield from _diary_routes(parts)
    yield from _mood_and_prompt_routes(parts)
    yield from _tag_routes(parts)
    yield from _instance_routes(parts)


def _account_routes(parts: Parts) -> Iterable[RouteDef]:
    settings, clock, store = parts.settings, parts.clock, parts.providers.store
    passwords = Passwords(parts.providers.passwords)
    refresh_keys = parts.host.context("journiv").secrets("refresh/1")
    audit = _audit(parts)
    url = settings.public_url
    rules = SessionRules.of(settings)
    sessions = Sessions(store, clock, parts.providers.issuer, refresh_keys, rules, audit)
    policy = SignUpPolicy(disabled=settings.disable_signup, setup_token=settings.setup_token)
    accounts = Accounts(
        store, clock, passwords, policy, parts.events.publish, audit, invite_links(url)
    )
    factor = SecondFactor(Sealing(parts.host.context("journiv").secrets("field-enc/1")))
    backoff_key = parts.host.context("journiv").secret("sign-in-backoff/1")
    backoff = Backoff(backoff_key, enabled=settings.rate_limit_enabled)
    sign_in = SignIn(store, clock, passwords, sessions, backoff, audit, Challenges(factor))
    recent = RecentAuth(store, clock, passwords, backoff, audit, factor)
    cookie = RefreshCookie(settings.public_url, clock)
    yield from AuthRoutes(accounts, sign_in, sessions, cookie).routes()
    yield from UserRoutes(accounts, Preferences(store, clock), recent).routes()
    yield from AdminRoutes(
        Administration(store, clock, passwords, accounts, audit), recent
    ).routes()
    yield from SessionRoutes(sessions).routes()
    invites = Invites(store, clock, recent, audit, url)
    resets = Resets(store, clock, passwords, audit, url)
    yield from InviteRoutes(invites, resets, recent).routes()
    totp = TotpService(store, clock, factor, recent, audit, settings.app_name)
    yield from TotpRoutes(totp).routes()
    yield from TokenRoutes(AccessTokenService(store, clock, recent, audit)).routes()
    yield from AuditRoutes(audit, recent).routes()
    federation = Federation(store, clock, sessions, parts.events.publish, audit)
    yield from _federation_routes(parts, federation, cookie)


def _federation_routes(
    parts: Parts, federation: Federation, cookie: RefreshCookie
) -> Iterable[RouteDef]:
    settings = parts.settings
    for authenticator in parts.providers.authenticators:
        if not isinstance(authenticator, RedirectAuthenticator):
            continue
        yield from OidcRoutes(
            authenticator,
            federation,
            FederationPolicy(
                provisions=authenticator.provisions, guarded=settings.setup_token is not None
            ),
            parts.providers.store,
            parts.clock,
            cookie,
            public_url=settings.public_url,
            flow_key=parts.host.context("journiv").secret("oidc-flow/1"),
        ).routes()


def _audit(parts: Parts) -> Audit:
    keys = parts.host.context("journiv")
    store = parts.providers.store
    return Audit(store, keys.secrets("audit/1"), keys.secrets("pseudonym/1"))


def _diary_routes(parts: Parts) -> Iterable[RouteDef]:
    store, clock, publish = parts.providers.store, parts.clock, parts.events.publish
    entries = EntryService(store, clock, publish)
    trash = TrashService(store, clock, publish)
    strict = parts.settings.require_if_match
    yield from JournalRoutes(JournalService(store, clock)).routes()
    yield from EntryRoutes(entries, trash, require_if_match=strict).routes()
    yield from DraftRoutes(entries, DraftService(store, clock, publish)).routes()
    yield from RevisionRoutes(RevisionService(store, clock, publish)).routes()
    yield from TrashRoutes(trash).routes()
    yield from SearchRoutes(SearchService(store)).routes()
    yield from TimelineRoutes(TimelineService(store, clock)).routes()


def _mood_and_prompt_routes(parts: Parts) -> Iterable[RouteDef]:
    store, clock = parts.providers.store, parts.clock
    yield from MoodRoutes(MoodService(store)).routes()
    yield from MoodLogRoutes(MoodLogService(store, clock)).routes()
    yield from MoodInsightRoutes(MoodInsightService(store, clock)).routes()
    yield from PromptRoutes(PromptService(store, clock)).routes()


def _tag_routes(parts: Parts) -> Iterable[RouteDef]:
    store, clock = parts.providers.store, parts.clock
    tags = TagService(store, clock, parts.events.publish)
    yield from TagRoutes(tags).routes()
    yield from EntryTagRoutes(tags).routes()
    yield from TagInsightRoutes(TagInsightService(store, clock)).routes()
    yield from AnalyticsRoutes(AnalyticsService(store, clock)).routes()


def _instance_routes(parts: Parts) -> Iterable[RouteDef]:
    settings, providers = parts.settings, parts.providers
    instance = InstanceService(providers.store, parts.clock, __version__)
    options = [authenticator.option() for authenticator in providers.authenticators]
    yield from InstanceRoutes(settings, options, instance, __version__).routes()
    yield from SecurityRoutes(settings, parts.clock).routes()


def _contexts(parts: Parts) -> Iterable[Context]:
    """Return what is opened, in this order, before the server listens; closed in reverse."""
    providers = parts.providers
    yield _store(parts)
    yield _closing(providers.rate_limiter.close)
    for authenticator in providers.authenticators:
        yield _closing(authenticator.close)
    for _, lifespan in parts.contributions.lifespans:
        yield _lifespan(lifespan)
    yield _started(parts.events.start, parts.events.stop)  # delivers before lifespans end
    jobs = [NamedJob(name, job) for name, job in parts.contributions.jobs.items()]
    scheduler = Scheduler(providers.store, parts.clock, jobs)
    yield _started(scheduler.start, scheduler.stop)
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
