"""A plugin's context without a server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from journiv.config.secrets import derive
from journiv.contracts.context import CoreSettings, PluginContext
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock, SystemClock

T = TypeVar("T")
KEY = "a key for tests that nobody uses in earnest, 0123456789"


class HandContext(PluginContext):
    """Made by hand: `settings` is the plugin's section, `core` changes core settings by name.

    `keys` are `SECRET_KEY` and the previous ones. `ctx.store` is what `store` says; without one it
    raises `RuntimeError`, as it does in a server that has not opened its store.
    """

    def __init__(
        self,
        name: str = "under_test",
        settings: Mapping[str, Any] | None = None,
        *,
        data: Path = Path("data"),
        clock: Clock | None = None,
        keys: Sequence[str] = (KEY,),
        store: Store | None = None,
        **core: Any,
    ) -> None:
        self.name = name
        self.settings = dict(settings or {})
        self.core = replace(_core(data), **core)
        self.log = logging.getLogger(f"journiv.plugins.{name}")
        self.clock = clock or SystemClock()
        self._keys = tuple(keys)
        self._store = store
        self._shared: dict[Callable[[PluginContext], Any], Any] = {}

    @property
    def store(self) -> Store:
        """See `PluginContext`."""
        if self._store is None:
            raise RuntimeError(f"{self.name} used ctx.store before start-up had opened the store")
        return self._store

    def shared(self, make: Callable[[PluginContext], T]) -> T:
        """See `PluginContext`."""
        if make not in self._shared:
            self._shared[make] = make(self)
        made: T = self._shared[make]
        return made

    def secret(self, purpose: str) -> bytes:
        """See `PluginContext`."""
        return self.secrets(purpose)[0]

    def secrets(self, purpose: str) -> tuple[bytes, ...]:
        """See `PluginContext`."""
        return tuple(derive(key, purpose) for key in self._keys)


def _core(data: Path) -> CoreSettings:
    return CoreSettings(
        environment="test",
        public_url="http://localhost:8000",
        data=data,
        database_url=f"sqlite:///{data}/journiv.db",
        redis_url=None,
        ca_file=None,
        app_name="Journiv",
        media_url=f"file://{data.absolute()}/media",
    )
