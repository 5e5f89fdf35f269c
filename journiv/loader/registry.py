"""Importing plugins, checking what they are, and registering them with pluggy."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from types import ModuleType

import pluggy

from journiv import hookspecs
from journiv.config.sources import suggestion
from journiv.hookspecs.markers import PROJECT
from journiv.loader.discovery import Candidate
from journiv.loader.errors import (
    AsyncHook,
    ImportFailed,
    NoApiVersion,
    OrderedHook,
    UnknownArgument,
    UnknownHook,
    UnmarkedHook,
    WrongApiVersion,
)

PREFIX = "journiv_"
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})", re.ASCII)
_OPTIONS = ("hookwrapper", "wrapper", "tryfirst", "trylast")


def new_manager() -> pluggy.PluginManager:
    """Return a plugin manager that knows the fourteen hooks and no plugin."""
    manager = pluggy.PluginManager(PROJECT)
    for module in hookspecs.specs():
        manager.add_hookspecs(module)
    return manager


def import_plugin(candidate: Candidate) -> ModuleType:
    """Import a plugin's module. Raises `ImportFailed` whatever goes wrong in it."""
    try:
        return importlib.import_module(candidate.module)
    except Exception as error:  # a plugin may fail in any way while it is imported
        reason = f"{type(error).__name__}: {error}"
        raise ImportFailed(candidate.name, candidate.origin, candidate.name, reason) from error


def check_api(candidate: Candidate, module: ModuleType, offered: tuple[int, int]) -> str:
    """Return the API version a plugin states, if this release offers it.

    Same major, and its minor is not above ours. Raises `NoApiVersion` or `WrongApiVersion`.
    """
    ours = ".".join(map(str, offered))
    stated = getattr(module, "JOURNIV_API", None)
    match = _VERSION.fullmatch(stated) if isinstance(stated, str) else None
    if match is None:
        raise NoApiVersion(candidate.name, candidate.origin, ours)
    wanted = (int(match[1]), int(match[2]))
    if wanted[0] != offered[0] or wanted[1] > offered[1]:
        raise WrongApiVersion(
            candidate.name, candidate.version, match[0], ours, newer=wanted > offered
        )
    return match[0]


def register(manager: pluggy.PluginManager, name: str, module: ModuleType) -> tuple[str, ...]:
    """Register a plugin and return the hooks it implements. Raises a `PluginError`."""
    known = _specs(manager)
    hooks = []
    for hook, function, options in _implementations(manager, module):
        if options is None:
            if hook in known:
                raise UnmarkedHook(name, hook)
            continue
        if hook not in known:
            raise UnknownHook(name, hook, suggestion(hook, known))
        _check(name, hook, function, options, known[hook])
        hooks.append(hook)
    manager.register(module, name)
    manager.check_pending()
    return tuple(hooks)


def _specs(manager: pluggy.PluginManager) -> dict[str, tuple[str, ...]]:
    """Return each hook's parameters."""
    known = {}
    for module in hookspecs.specs():
        for name in vars(module):
            if manager.parse_hookspec_opts(module, name) is not None:
                known[name] = tuple(inspect.signature(getattr(module, name)).parameters)
    return known


def _implementations(
    manager: pluggy.PluginManager, module: ModuleType
) -> Iterator[tuple[str, object, Mapping[str, object] | None]]:
    for name, value in list(vars(module).items()):
        options = manager.parse_hookimpl_opts(module, name)
        if options is not None:
            yield options.get("specname") or name, value, dict(options)
        elif name.startswith(PREFIX) and inspect.isfunction(value):
            yield name, value, None


def _check(
    plugin: str,
    hook: str,
    function: object,
    options: Mapping[str, object],
    parameters: tuple[str, ...],
) -> None:
    for option in _OPTIONS:
        if options.get(option):
            raise OrderedHook(plugin, hook, option)
    if (
        inspect.iscoroutinefunction(function)
        or inspect.isgeneratorfunction(function)
        or inspect.isasyncgenfunction(function)
    ):
        raise AsyncHook(plugin, hook)
    if not callable(function):
        return
    for argument in inspect.signature(function).parameters:
        if argument not in parameters:
            raise UnknownArgument(plugin, hook, argument, parameters)
