"""What plugins are given: one context each, over one shared host."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from journiv.config.secrets import derive
from journiv.config.settings import Settings
from journiv.contracts.context import CoreSettings, PluginContext
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock
from journiv.domain.errors import ConfigError

T = TypeVar("T")


class Host:
    """What all contexts share. `store` is set once start-up has opened it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.store: Store | None = None
        self._contexts: dict[str, Context] = {}
        self.core = CoreSettings(
            environment=settings.environment,
            public_url=settings.public_url,
            data=settings.data,
            database_url=settings.database_url,
            redis_url=settings.redis_url,
            ca_file=None,
            app_name=settings.app_name,
            password_min_length=settings.password_min_length,
            media_url=settings.media_url,
            rate_limit_storage_uri=settings.rate_limit_storage_uri,
        )

    def context(self, plugin: str) -> Context:
        """Return a plugin's own context, the same one every time."""
        if plugin not in self._contexts:
            self._contexts[plugin] = Context(self, plugin)
        return self._contexts[plugin]


class Context(PluginContext):
    """One plugin's view of the server."""

    def __init__(self, host: Host, plugin: str) -> None:
        self._host = host
        self._shared: dict[Callable[[PluginContext], Any], Any] = {}
        self.name: str = plugin
        self.settings: Mapping[str, Any] = host.settings.plugin(plugin)
        self.core = host.core
        self.log = logging.getLogger(f"journiv.plugins.{plugin}")
        self.clock = host.clock

    @property
    def store(self) -> Store:
        """The selected store. Raises `RuntimeError` before start-up has opened it."""
        if self._host.store is None:
            raise RuntimeError(f"{self.name} used ctx.store before start-up had opened the store")
        return self._host.store

    def shared(self, make: Callable[[PluginContext], T]) -> T:
        """Return what `make(ctx)` makes on the first call."""
        if make not in self._shared:
            self._shared[make] = make(self)
        made: T = self._shared[make]
        return made

    def secret(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose; raises `ConfigError` without a `SECRET_KEY`."""
        return self.secrets(purpose)[0]

    def secrets(self, purpose: str) -> tuple[bytes, ...]:
        """Return the current key and the previous ones."""
        current = self._host.settings.secret_key
        if not current:
            raise ConfigError(f"{self.name} needs SECRET_KEY, which is not set.")
        keys = (current, *self._host.settings.secret_keys_previous)
        return tuple(derive(key, purpose) for key in keys)
