"""Descriptors of backends that are never opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from unittest.mock import create_autospec

import pytest

from journiv.contracts.auth import AuthBackend, Authenticator
from journiv.contracts.backend import Backend
from journiv.contracts.media import MediaBackend, MediaStore
from journiv.contracts.ratelimit import RateLimitBackend, RateLimiter
from journiv.contracts.storage import Store
from journiv.contracts.store_backend import StoreBackend
from journiv.contracts.tokens import TokenBackend, TokenHandler
from journiv.domain.clock import SystemClock
from journiv.domain.errors import ConfigError
from journiv.loader import Host, Plugins

B = TypeVar("B", bound=Backend[Any])


def never(settings: Mapping[str, Any], ctx: object) -> Any:
    raise AssertionError("created")


def store(name: str, *schemes: str, create: Callable[..., Any] = never) -> StoreBackend:
    return StoreBackend(name=name, schemes=schemes or (name,), summary="", create=create)


def limiter(name: str) -> RateLimitBackend:
    return RateLimitBackend(name=name, schemes=(name,), summary="", create=never)


def media(name: str) -> MediaBackend:
    return MediaBackend(name=name, schemes=(name,), summary="", create=never)


def auth(name: str) -> AuthBackend:
    return AuthBackend(name=name, summary="", create=never)


def tokens(name: str, prefix: str) -> TokenBackend:
    return TokenBackend(name=name, prefix=prefix, summary="", create=never)


def returning(value: object) -> Callable[[], object]:
    return lambda: value


def offering(**hooks: Iterable[object]) -> dict[str, Callable[[], object]]:
    """Return hooks by the last word of their names: `stores=[…]`."""
    return {f"journiv_register_{name}": returning(items) for name, items in hooks.items()}


def complete() -> dict[str, Callable[[], object]]:
    """Return the hooks of a plugin that offers one backend of every kind."""
    return offering(
        stores=[store("sqlite")],
        rate_limiters=[limiter("memory")],
        media_stores=[media("file")],
        authenticators=[auth("local")],
        token_handlers=[tokens("jwt", "eyJ")],
    )


def making(backend: B, kind: type) -> B:
    """Return the descriptor with a `create` that makes an empty object of a contract."""
    return replace(backend, create=lambda settings, ctx: create_autospec(kind, instance=True))


def working() -> dict[str, Callable[[], object]]:
    """Return the hooks of `complete`, with backends that can be created."""
    return offering(
        stores=[making(store("sqlite"), Store)],
        rate_limiters=[making(limiter("memory"), RateLimiter)],
        media_stores=[making(media("file"), MediaStore)],
        authenticators=[making(auth("local"), Authenticator)],
        token_handlers=[making(tokens("jwt", "eyJ"), TokenHandler)],
    )


def said(refused: pytest.ExceptionInfo[ConfigError]) -> str:
    return refused.value.detail


def host_of(plugins: Plugins) -> Host:
    return Host(plugins.settings, SystemClock())
