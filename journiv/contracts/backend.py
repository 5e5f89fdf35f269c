"""What every offered backend says about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from journiv.contracts.context import PluginContext

Provider = TypeVar("Provider")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend(Generic[Provider]):
    """Enough to list, choose and construct a backend without touching the network.

    `create(settings, ctx)` gets the plugin's validated section. It does no I/O, imports its
    drivers only then, and may raise `ConfigError`.
    """

    name: str
    summary: str
    create: Callable[[Mapping[str, Any], PluginContext], Provider]
