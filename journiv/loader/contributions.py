"""What plugins add beside backends: formats, routes, jobs, listeners, lifespans, commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from journiv.contracts.commands import Command
from journiv.contracts.jobs import Job
from journiv.contracts.listeners import Lifespan, Listener
from journiv.contracts.media_processing import MediaProcessor
from journiv.contracts.transfer import Exporter, Importer
from journiv.loader.collect import HookCalls, nothing
from journiv.loader.context import Host
from journiv.loader.errors import Clash, OfferedTwice, RouteClash, WrongReturn

if TYPE_CHECKING:
    from journiv.contracts.routes import RouteDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """Everything beside the backends, with its owner where that matters.

    `routes` are by plugin, mounted below `/api/v1/x/<plugin>`; `jobs` by `<plugin>.<name>`.
    """

    routes: Mapping[str, tuple[RouteDef, ...]]
    jobs: Mapping[str, Job]
    listeners: tuple[tuple[str, Listener], ...]
    lifespans: tuple[tuple[str, Lifespan], ...]


def contributions(calls: HookCalls, host: Host) -> Contributions:
    """Call the four run-time hooks. Raises a `PluginError`."""
    return Contributions(
        routes=_routes(calls, host),
        jobs=_jobs(calls, host),
        listeners=tuple(calls.each("journiv_register_listeners", Listener, _own(host))),
        lifespans=_lifespans(calls, host),
    )


def importers(calls: HookCalls) -> Mapping[str, Importer]:
    """Return the importers by format."""
    found = calls.each("journiv_register_importers", Importer, nothing)
    return _by_key(((plugin, item.format, item) for plugin, item in found), "import format")


def exporters(calls: HookCalls) -> Mapping[str, Exporter]:
    """Return the exporters by format."""
    found = calls.each("journiv_register_exporters", Exporter, nothing)
    return _by_key(((plugin, item.format, item) for plugin, item in found), "export format")


def media_processors(calls: HookCalls, host: Host) -> tuple[MediaProcessor, ...]:
    """Return the media processors in plugin order; no name and no media type is claimed twice."""
    found = list(calls.each("journiv_register_media_processors", MediaProcessor, _own(host)))
    _by_key(((plugin, item.name, item) for plugin, item in found), "media processor")
    types = ((plugin, mime, item) for plugin, item in found for mime in sorted(item.types))
    _by_key(types, "media type")
    return tuple(item for _, item in found)


def commands(calls: HookCalls, host: Host, core: Iterable[str]) -> Mapping[str, Command]:
    """Return the plugins' commands by name; `core` are the names that are taken."""
    found = calls.each("journiv_register_commands", Command, _own(host))
    taken = dict.fromkeys(core, "journiv")
    return _by_key(((plugin, item.name, item) for plugin, item in found), "command", taken)


def refuse_route_clashes(owned: Iterable[tuple[str, str, str]]) -> None:
    """Raise `RouteClash` when two owners answer one method and path: (owner, method, path)."""
    seen: dict[tuple[str, str], str] = {}
    for owner, method, path in owned:
        shape = re.sub(r"\{[^}]*\}", "{}", path)
        other = seen.setdefault((method, shape), owner)
        if other != owner:
            raise RouteClash(method, path, other, owner)


def _by_key(
    found: Iterable[tuple[str, str, Any]], what: str, taken: Mapping[str, str] | None = None
) -> dict[str, Any]:
    owners = dict(taken or {})
    items = {}
    for plugin, key, item in found:
        if key in owners:
            if owners[key] == plugin:
                raise OfferedTwice(plugin, f"{what} '{key}'")
            raise Clash(owners[key], plugin, f"{what} '{key}'", None)
        owners[key] = plugin
        items[key] = item
    return items


def _own(host: Host) -> Callable[[str], Mapping[str, Any]]:
    return lambda plugin: {"ctx": host.context(plugin)}


def _routes(calls: HookCalls, host: Host) -> Mapping[str, tuple[RouteDef, ...]]:
    from journiv.contracts.routes import RouteDef

    by_plugin: dict[str, list[RouteDef]] = {}
    seen: set[tuple[str, str, str]] = set()
    for plugin, route in calls.each("journiv_register_routes", RouteDef, _own(host)):
        key = (plugin, route.method, route.path)
        if key in seen:
            raise RouteClash(route.method, route.path, plugin, plugin)
        seen.add(key)
        by_plugin.setdefault(plugin, []).append(route)
    return {plugin: tuple(routes) for plugin, routes in by_plugin.items()}


def _jobs(calls: HookCalls, host: Host) -> Mapping[str, Job]:
    jobs: dict[str, Job] = {}
    for plugin, job in calls.each("journiv_register_jobs", Job, _own(host)):
        key = f"{plugin}.{job.name}"
        if key in jobs:
            raise OfferedTwice(plugin, f"job '{job.name}'")
        jobs[key] = job
    return jobs


def _lifespans(calls: HookCalls, host: Host) -> tuple[tuple[str, Lifespan], ...]:
    hook = "journiv_register_lifespans"
    found: list[tuple[str, Lifespan]] = []
    for plugin, item in calls.each(hook, object, _own(host)):
        if not callable(item):
            raise WrongReturn(plugin, hook, "callables", f"one holding {type(item).__name__}")
        found.append((plugin, item))
    return tuple(found)
