"""Accounts and what guards them: services of sign-in and security, each with its routes."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.api.v1.accounts.admin import AdminRoutes
from journiv.api.v1.accounts.audit import AuditRoutes
from journiv.api.v1.accounts.invites import InviteRoutes
from journiv.api.v1.accounts.users import UserRoutes
from journiv.api.v1.signin.auth import AuthRoutes
from journiv.api.v1.signin.device_cookie import DeviceCookie
from journiv.api.v1.signin.refresh_cookie import RefreshCookie
from journiv.api.v1.signin.sessions import SessionRoutes
from journiv.api.v1.signin.tokens import TokenRoutes
from journiv.api.v1.signin.totp import TotpRoutes
from journiv.app.federation import federation_routes, redirecting
from journiv.app.guards import Guards
from journiv.app.parts import Parts
from journiv.contracts.routes import RouteDef
from journiv.services.accounts.accounts import Accounts, SignUpPolicy
from journiv.services.accounts.admin import Administration
from journiv.services.accounts.audit import Audit
from journiv.services.accounts.invites import Invites, invite_links
from journiv.services.accounts.own_password import OwnPassword
from journiv.services.accounts.passwords import Passwords
from journiv.services.accounts.preferences import Preferences
from journiv.services.accounts.profiles import Profiles
from journiv.services.accounts.resets import Resets
from journiv.services.factors.mfa import Challenges
from journiv.services.factors.second_factor import SecondFactor
from journiv.services.factors.totp import TotpService
from journiv.services.federation.provider_logout import ProviderLogout
from journiv.services.server.sealing import Sealing
from journiv.services.signin.access_tokens import AccessTokenService
from journiv.services.signin.backoff import Backoff
from journiv.services.signin.known_devices import KnownDevices
from journiv.services.signin.origins import Origins
from journiv.services.signin.recent_auth import RecentAuth
from journiv.services.signin.sessions import SessionRules, Sessions
from journiv.services.signin.signin import SignIn


def account_routes(parts: Parts) -> Iterable[RouteDef]:
    """Sign-in, profiles, sessions, tokens, second factors, administration, other providers."""
    guards = _guards(parts)
    yield from _sign_in_routes(parts, guards)
    yield from _own_account_routes(parts, guards)
    yield from _admin_routes(parts, guards)
    yield from federation_routes(parts, guards)


def _guards(parts: Parts) -> Guards:
    settings, clock, store = parts.settings, parts.clock, parts.providers.store
    keys = parts.host.context("journiv")
    audit = Audit(store, keys.secrets("audit/1"), keys.secrets("pseudonym/1"))
    passwords = Passwords(parts.providers.passwords)
    sealing = Sealing(keys.secrets("field-enc/1"))
    factor, origins = SecondFactor(sealing), Origins(sealing)
    backoff = Backoff(keys.secret("sign-in-backoff/1"), enabled=settings.rate_limit_enabled)
    own = OwnPassword(store, clock, passwords, backoff, audit)
    policy = SignUpPolicy(disabled=settings.disable_signup, setup_token=settings.setup_token)
    invited = invite_links(settings.public_url)
    rules = SessionRules.of(settings)
    refresh_keys = keys.secrets("refresh/1")
    return Guards(
        audit=audit,
        passwords=passwords,
        sessions=Sessions(store, clock, parts.providers.issuer, refresh_keys, rules, audit),
        factor=factor,
        challenges=Challenges(factor),
        origins=origins,
        leaving=ProviderLogout(store, clock, origins, audit, redirecting(parts)),
        backoff=backoff,
        own_password=own,
        recent=RecentAuth(store, clock, own, audit, factor),
        accounts=Accounts(store, clock, passwords, policy, parts.events.publish, audit, invited),
        cookie=RefreshCookie(settings.public_url, clock),
    )


def _sign_in_routes(parts: Parts, guards: Guards) -> Iterable[RouteDef]:
    sign_in = SignIn(
        parts.providers.store,
        parts.clock,
        guards.passwords,
        guards.sessions,
        guards.backoff,
        guards.audit,
        guards.challenges,
        guards.origins,
        KnownDevices(parts.host.context("journiv").secrets("known-device/1")),
    )
    yield from AuthRoutes(
        guards.accounts,
        sign_in,
        guards.sessions,
        guards.cookie,
        guards.leaving,
        DeviceCookie(parts.settings.public_url),
    ).routes()
    yield from SessionRoutes(guards.sessions).routes()


def _own_account_routes(parts: Parts, guards: Guards) -> Iterable[RouteDef]:
    store, clock, recent, audit = parts.providers.store, parts.clock, guards.recent, guards.audit
    profiles = Profiles(store, clock, guards.passwords, guards.own_password, audit)
    yield from UserRoutes(guards.accounts, profiles, Preferences(store, clock), recent).routes()
    totp = TotpService(store, clock, guards.factor, recent, audit, parts.settings.app_name)
    yield from TotpRoutes(totp).routes()
    yield from TokenRoutes(AccessTokenService(store, clock, recent, audit)).routes()
    yield from AuditRoutes(audit, recent).routes()


def _admin_routes(parts: Parts, guards: Guards) -> Iterable[RouteDef]:
    store, clock, recent, audit = parts.providers.store, parts.clock, guards.recent, guards.audit
    url = parts.settings.public_url
    people = Administration(store, clock, guards.passwords, guards.accounts, audit)
    yield from AdminRoutes(people, recent).routes()
    invites = Invites(store, clock, recent, audit, url)
    resets = Resets(store, clock, guards.passwords, audit, url)
    yield from InviteRoutes(invites, resets, recent).routes()
