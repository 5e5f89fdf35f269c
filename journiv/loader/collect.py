"""Calling hooks plugin by plugin, so that it is always known who returned what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

import pluggy

from journiv.domain.errors import ConfigError
from journiv.loader.errors import HookFailed, WrongReturn

Trace = Callable[[str], None]


class HookCalls:
    """The hooks of the registered plugins, in plugin order."""

    def __init__(
        self,
        manager: pluggy.PluginManager,
        modules: Mapping[str, ModuleType],
        trace: Trace | None = None,
    ) -> None:
        self._manager = manager
        self._modules = modules
        self._trace = trace

    def names(self) -> tuple[str, ...]:
        """Return the registered plugins in order."""
        return tuple(self._modules)

    def monitor(self, told: Trace) -> Callable[[], None]:
        """Tell the name of every hook that is called from now on; returns what ends it."""

        def before(hook: str, implementations: object, arguments: object) -> None:
            told(hook)

        def after(outcome: object, hook: str, implementations: object, arguments: object) -> None:
            """Do nothing; pluggy wants both."""

        return self._manager.add_hookcall_monitoring(before, after)

    def call(self, plugin: str, hook: str, **arguments: Any) -> Any:
        """Call one plugin's implementation; None when it has none or returns nothing.

        Raises `HookFailed`; a `ConfigError` of the plugin's own passes.
        """
        others = [module for name, module in self._modules.items() if name != plugin]
        caller = self._manager.subset_hook_caller(hook, others)
        try:
            results = caller(**arguments)
        except ConfigError:
            raise
        except Exception as error:  # a hook may fail in any way
            raise HookFailed(plugin, hook, f"{type(error).__name__}: {error}") from error
        result = results[0] if results else None
        if self._trace is not None and results:
            self._trace(f"{plugin}.{hook} -> {result!r}")
        return result

    def each(self, hook: str, kind: type, arguments: Arguments) -> Iterator[tuple[str, Any]]:
        """Yield (plugin, item) of everything the plugins return, checked to be of a kind.

        `arguments` makes a plugin's own arguments from its name. Raises `WrongReturn`.
        """
        for plugin in self._modules:
            result = self.call(plugin, hook, **arguments(plugin))
            if result is None:
                continue
            expected = f"a list of {kind.__name__}"
            if isinstance(result, str | bytes) or not isinstance(result, Iterable):
                raise WrongReturn(plugin, hook, expected, _described(result))
            for item in result:
                if not isinstance(item, kind):
                    raise WrongReturn(plugin, hook, expected, f"one holding {_described(item)}")
                yield plugin, item


Arguments = Callable[[str], Mapping[str, Any]]


def nothing(plugin: str) -> Mapping[str, Any]:
    """Return the arguments of hooks that take none."""
    return {}


def _described(value: object) -> str:
    return type(value).__name__
