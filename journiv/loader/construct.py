"""From chosen descriptors to objects: `create()` of every selected backend, without I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from journiv.contracts.auth import Authenticator, PasswordAuthenticator
from journiv.contracts.media import MediaStore
from journiv.contracts.ratelimit import RateLimiter
from journiv.contracts.storage import Store
from journiv.contracts.tokens import TokenHandler
from journiv.domain.errors import ConfigError
from journiv.loader.context import Host
from journiv.loader.errors import (
    HookFailed,
    IncompleteProvider,
    TwoPasswordAuthenticators,
    WrongReturn,
)
from journiv.loader.selection import Offer, Selection

_ABSTRACT = re.compile(
    r"Can't instantiate abstract class (\w+) with(?:out an implementation for)? "
    r"abstract methods? (.+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Providers:
    """The objects that do the work. They are not open yet."""

    store: Store
    store_plugin: str
    rate_limiter: RateLimiter
    rate_limiter_plugin: str
    media: MediaStore
    media_plugin: str
    authenticators: tuple[Authenticator, ...]
    token_handlers: tuple[TokenHandler, ...]
    issuer: TokenHandler

    @property
    def passwords(self) -> PasswordAuthenticator | None:
        """The one authenticator that takes passwords, if any."""
        for authenticator in self.authenticators:
            if isinstance(authenticator, PasswordAuthenticator):
                return authenticator
        return None


def construct(selection: Selection, host: Host) -> Providers:
    """Create every selected backend. Raises `PluginError` or the plugin's own `ConfigError`."""
    handlers = {
        offer.backend.name: _create(offer, TokenHandler, host) for offer in selection.token_handlers
    }
    return Providers(
        store=_create(selection.store, Store, host),
        store_plugin=selection.store.plugin,
        rate_limiter=_create(selection.rate_limiter, RateLimiter, host),
        rate_limiter_plugin=selection.rate_limiter.plugin,
        media=_create(selection.media, MediaStore, host),
        media_plugin=selection.media.plugin,
        authenticators=create_authenticators(selection, host),
        token_handlers=tuple(handlers.values()),
        issuer=handlers[selection.issuer],
    )


def create_store(selection: Selection, host: Host) -> Store:
    """Create the store alone, for commands that need nothing else."""
    store: Store = _create(selection.store, Store, host)
    return store


def create_media(selection: Selection, host: Host) -> MediaStore:
    """Create the media store alone: backups are kept in one of their own."""
    media: MediaStore = _create(selection.media, MediaStore, host)
    return media


def create_authenticators(selection: Selection, host: Host) -> tuple[Authenticator, ...]:
    """Create the ways to sign in alone. Raises as `construct` does."""
    made: list[Authenticator] = []
    with_passwords: list[str] = []
    for offer in selection.authenticators:
        authenticator = _create(offer, Authenticator, host)
        made.append(authenticator)
        if isinstance(authenticator, PasswordAuthenticator):
            with_passwords.append(offer.backend.name)
    if len(with_passwords) > 1:
        raise TwoPasswordAuthenticators(with_passwords[0], with_passwords[1])
    return tuple(made)


def _create(offer: Offer[Any], kind: type, host: Host) -> Any:
    plugin, backend = offer.plugin, offer.backend
    try:
        made = backend.create(host.settings.plugin(plugin), host.context(plugin))
    except ConfigError:
        raise
    except Exception as error:  # a plugin may fail in any way
        match = _ABSTRACT.match(str(error)) if isinstance(error, TypeError) else None
        if match:
            lacking = re.findall(r"\w+", match[2])
            raise IncompleteProvider(plugin, match[1], lacking) from error
        reason = f"{type(error).__name__}: {error}"
        raise HookFailed(plugin, f"create of '{backend.name}'", reason) from error
    if not isinstance(made, kind):
        expected = f"an object of {kind.__name__}"
        raise WrongReturn(plugin, f"create of '{backend.name}'", expected, type(made).__name__)
    return made
