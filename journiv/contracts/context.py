"""What a plugin is given."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from journiv.contracts.storage import Store
from journiv.domain.clock import Clock

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreSettings:
    """A frozen view of the core settings a plugin may need."""

    environment: str
    public_url: str
    data: Path
    database_url: str
    redis_url: str | None
    ca_file: Path | None
    app_name: str
    password_min_length: int = 8
    media_url: str = ""
    rate_limit_storage_uri: str = "memory://"


class PluginContext(ABC):
    """Handed to a plugin's hooks and backends. At most ten attributes."""

    name: str
    settings: Mapping[str, Any]
    core: CoreSettings
    log: logging.Logger
    clock: Clock

    @property
    @abstractmethod
    def store(self) -> Store:
        """The selected store. Raises `RuntimeError` before start-up has opened it."""

    @abstractmethod
    def shared(self, make: Callable[[PluginContext], T]) -> T:
        """Return what `make(ctx)` makes on the first call: one object for all hooks of a plugin.

        `Courier` in `ctx.shared(Courier)` may be any function or class that takes the context.
        """

    @abstractmethod
    def secret(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose (HKDF-SHA256 of `SECRET_KEY`, RFC 5869)."""

    @abstractmethod
    def secrets(self, purpose: str) -> tuple[bytes, ...]:
        """Return the current key and those of `SECRET_KEY_PREVIOUS`, to verify with."""
