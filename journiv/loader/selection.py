"""Choosing: a scheme or name from the settings, and exactly one backend for it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from journiv.config.compose_db import scheme
from journiv.config.settings import Settings
from journiv.contracts.auth import AuthBackend
from journiv.contracts.backend import Backend
from journiv.contracts.media import MediaBackend
from journiv.contracts.ratelimit import RateLimitBackend
from journiv.contracts.store_backend import StoreBackend
from journiv.contracts.tokens import TokenBackend
from journiv.loader.collect import HookCalls, nothing
from journiv.loader.errors import Clash, NoBackend, NothingPinned, OfferedTwice

B = TypeVar("B", bound=Backend[Any])
_BY_SCHEME = StoreBackend | RateLimitBackend | MediaBackend
S = TypeVar("S", bound=_BY_SCHEME)


log = logging.getLogger("journiv.start")

STORE, LIMITER, MEDIA, SIGN_IN, TOKENS = "store", "rate limiter", "media", "sign-in", "tokens"

# A plugin, and what it provides: `store sqlite`.
Provided = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Offer(Generic[B]):
    """A backend and the plugin that offers it."""

    plugin: str
    backend: B


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The backends the settings choose. All token handlers verify; `issuer` issues."""

    store: Offer[StoreBackend]
    rate_limiter: Offer[RateLimitBackend]
    media: Offer[MediaBackend]
    authenticators: tuple[Offer[AuthBackend], ...]
    token_handlers: tuple[Offer[TokenBackend], ...]
    issuer: str

    def in_use(self) -> tuple[Provided, ...]:
        """Return everything that is in use."""
        chosen: list[tuple[str, Offer[Any]]] = [
            (STORE, self.store),
            (LIMITER, self.rate_limiter),
            (MEDIA, self.media),
            *((SIGN_IN, offer) for offer in self.authenticators),
            *((TOKENS, offer) for offer in self.token_handlers),
        ]
        return tuple((offer.plugin, f"{kind} {offer.backend.name}") for kind, offer in chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """A choice by scheme: the setting that chooses, the one that pins, and the words for both."""

    setting: str
    url: str
    pin: str
    pinned: str | None
    kind: str
    deed: str
    prefix: str


def select(calls: HookCalls, settings: Settings, inactive: Mapping[str, str]) -> Selection:
    """Call the five backend hooks and choose. Raises a `PluginError`."""
    stores = _offers(calls, "journiv_register_stores", StoreBackend)
    limiters = _offers(calls, "journiv_register_rate_limiters", RateLimitBackend)
    media = _offers(calls, "journiv_register_media_stores", MediaBackend)
    tokens = _token_handlers(calls)
    return Selection(
        store=_by_scheme(stores, _store_slot(settings), inactive),
        rate_limiter=_by_scheme(limiters, _limiter_slot(settings, limiters), inactive),
        media=_by_scheme(media, _media_slot(settings), inactive),
        authenticators=_authenticators(calls, settings, inactive),
        token_handlers=tokens,
        issuer=_issuer(tokens, settings),
    )


def offered(calls: HookCalls) -> tuple[Provided, ...]:
    """Return every backend the active plugins offer, in use or not. Raises a `PluginError`."""
    kinds: tuple[tuple[str, str, type[Backend[Any]]], ...] = (
        (STORE, "journiv_register_stores", StoreBackend),
        (LIMITER, "journiv_register_rate_limiters", RateLimitBackend),
        (MEDIA, "journiv_register_media_stores", MediaBackend),
        (SIGN_IN, "journiv_register_authenticators", AuthBackend),
        (TOKENS, "journiv_register_token_handlers", TokenBackend),
    )
    return tuple(
        (offer.plugin, f"{kind} {offer.backend.name}")
        for kind, hook, contract in kinds
        for offer in _offers(calls, hook, contract)
    )


def _store_slot(settings: Settings) -> _Slot:
    return _Slot(
        setting="DATABASE_URL", url=settings.database_url, pin="JOURNIV_STORE",
        pinned=settings.store, kind=STORE, deed="stores to it", prefix="store_",
    )  # fmt: skip


def _limiter_slot(settings: Settings, offers: Sequence[Offer[RateLimitBackend]]) -> _Slot:
    """`REDIS_URL` alone asks for nothing: without a plugin for it, calls are counted here."""
    url = settings.rate_limit_storage_uri
    is_asked_for = settings.values[""]["rate_limit_storage_uri"].source != "default"
    if not is_asked_for and not any(scheme(url) in offer.backend.schemes for offer in offers):
        log.warning("No active plugin counts calls at REDIS_URL; this process counts its own.")
        url = "memory://"
    return _Slot(
        setting="RATE_LIMIT_STORAGE_URI", url=url,
        pin="JOURNIV_RATE_LIMITER", pinned=settings.rate_limiter, kind=LIMITER,
        deed="counts there", prefix="ratelimit_",
    )  # fmt: skip


def _media_slot(settings: Settings) -> _Slot:
    return _Slot(
        setting="JOURNIV_MEDIA_URL", url=settings.media_url, pin="JOURNIV_MEDIA_STORE",
        pinned=settings.media_store, kind="media store", deed="keeps media there", prefix="media_",
    )  # fmt: skip


def _offers(calls: HookCalls, hook: str, kind: type[B]) -> list[Offer[B]]:
    return [Offer(plugin, item) for plugin, item in calls.each(hook, kind, nothing)]


def _by_scheme(offers: Sequence[Offer[S]], slot: _Slot, inactive: Mapping[str, str]) -> Offer[S]:
    wanted = scheme(slot.url)
    fitting = [offer for offer in offers if wanted in offer.backend.schemes]
    if not fitting:
        names = [f"{offer.backend.name} ({offer.plugin})" for offer in offers]
        hint = _switched_off(wanted, slot.prefix, inactive)
        raise NoBackend(slot.setting, f"starts with '{wanted}:'", slot.deed, names, hint)
    if slot.pinned is not None:
        pinned = [offer for offer in fitting if offer.plugin == slot.pinned]
        if not pinned:
            offering = [offer.plugin for offer in fitting]
            raise NothingPinned(slot.pin, slot.pinned, slot.kind, offering)
        fitting = pinned
    first = fitting[0]
    for other in fitting[1:]:
        if other.plugin == first.plugin:
            raise OfferedTwice(first.plugin, f"scheme '{wanted}'")
        raise Clash(first.plugin, other.plugin, f"scheme '{wanted}'", slot.pin)
    return first


def _authenticators(
    calls: HookCalls, settings: Settings, inactive: Mapping[str, str]
) -> tuple[Offer[AuthBackend], ...]:
    offers = _offers(calls, "journiv_register_authenticators", AuthBackend)
    by_name = _unique(offers, SIGN_IN)
    for name in settings.auth:
        if name not in by_name:
            names = [f"{offer.backend.name} ({offer.plugin})" for offer in offers]
            hint = _switched_off(name, "auth_", inactive)
            raise NoBackend("JOURNIV_AUTH", f"asks for '{name}'", "signs in with it", names, hint)
    return tuple(by_name[name] for name in settings.auth)


def _token_handlers(calls: HookCalls) -> tuple[Offer[TokenBackend], ...]:
    offers = _offers(calls, "journiv_register_token_handlers", TokenBackend)
    _unique(offers, TOKENS)
    prefixes: dict[str, str] = {}
    for offer in offers:
        other = prefixes.setdefault(offer.backend.prefix, offer.plugin)
        if other != offer.plugin:
            raise Clash(other, offer.plugin, f"token prefix '{offer.backend.prefix}'", None)
    return tuple(offers)


def _issuer(offers: Sequence[Offer[TokenBackend]], settings: Settings) -> str:
    issuing = [offer for offer in offers if offer.backend.issues]
    names = [offer.backend.name for offer in issuing]
    wanted = settings.session_tokens or ("jwt" if "jwt" in names else "opaque")
    if wanted not in names:
        shown = [f"{offer.backend.name} ({offer.plugin})" for offer in issuing]
        raise NoBackend("JOURNIV_SESSION_TOKENS", f"asks for '{wanted}'", "issues such", shown)
    return wanted


def _unique(offers: Sequence[Offer[B]], kind: str) -> dict[str, Offer[B]]:
    by_name: dict[str, Offer[B]] = {}
    for offer in offers:
        other = by_name.setdefault(offer.backend.name, offer)
        if other is not offer:
            what = f"{kind} '{offer.backend.name}'"
            if other.plugin == offer.plugin:
                raise OfferedTwice(offer.plugin, what)
            raise Clash(other.plugin, offer.plugin, what, None)
    return by_name


def _switched_off(wanted: str, prefix: str, inactive: Mapping[str, str]) -> str:
    """Name the inactive plugin that offers it, judged by its name; it is not imported for this."""
    for name, reason in inactive.items():
        what = name.removeprefix(prefix)
        if what != name and wanted.startswith(what):
            return f" '{wanted}' is offered by {name}, which is {reason}."
    return ""
