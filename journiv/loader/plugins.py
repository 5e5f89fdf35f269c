"""Loading: discover, decide, import, check, register, and read the plugins' settings."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import ModuleType

from journiv import config
from journiv.config import ConfigSchema, Settings, Sources
from journiv.config.values import flaw
from journiv.loader import registry
from journiv.loader.collect import HookCalls
from journiv.loader.discovery import Candidate, decide, discover
from journiv.loader.errors import PluginError, WrongReturn, WrongSchema
from journiv.loader.report import ACTIVE, DISABLED, FAILED, PluginRow
from journiv.loader.selection import Provided, Selection, offered, select


class Plugins:
    """The active plugins, registered, with the complete settings. Lives until start-up is over."""

    def __init__(self, settings: Settings, calls: HookCalls, rows: Sequence[PluginRow]) -> None:
        self.settings = settings
        self.calls = calls
        self._rows = tuple(rows)

    def select(self) -> Selection:
        """Choose the backends. Raises a `PluginError`."""
        return select(self.calls, self.settings, _inactive(self._rows))

    def rows(self, selection: Selection | None = None) -> tuple[PluginRow, ...]:
        """Return a row for every installed plugin; `selection` adds what is in use."""
        used = selection.in_use() if selection else ()
        provided = offered(self.calls)
        return tuple(
            replace(row, provides=_of(row.name, provided), in_use=_of(row.name, used))
            for row in self._rows
        )


def load(
    sources: Sources,
    offered: tuple[int, int],
    candidates: Iterable[Candidate] | None = None,
    *,
    tolerant: bool = False,
) -> Plugins:
    """Load the plugins that the settings ask for; `offered` is this release's plugin API.

    Raises `ConfigError`. With `tolerant`, a plugin that cannot be loaded becomes a row with its
    reason instead (for `journiv plugins`).
    """
    settings = config.core(sources)
    installed = list(discover() if candidates is None else candidates)
    verdicts = decide(installed, settings)
    manager = registry.new_manager()
    modules: dict[str, ModuleType] = {}
    rows = []
    for candidate in installed:
        reason = verdicts[candidate.name]
        if reason is not None:
            rows.append(_row(candidate, DISABLED, reason))
            continue
        try:
            module = registry.import_plugin(candidate)
            api = registry.check_api(candidate, module, offered)
            hooks = registry.register(manager, candidate.name, module)
        except PluginError as error:
            if not tolerant:
                raise
            rows.append(_row(candidate, FAILED, error.detail))
            continue
        modules[candidate.name] = module
        rows.append(replace(_row(candidate, ACTIVE, None), api=api, hooks=hooks))
    calls = HookCalls(manager, modules, _trace if settings.trace_hooks else None)
    settings = config.with_plugins(settings, sources, schemas(calls), _inactive(rows))
    return Plugins(settings, calls, rows)


def schemas(calls: HookCalls) -> dict[str, ConfigSchema]:
    """Ask every plugin for the schema of its section; an empty one when it has no settings."""
    found: dict[str, ConfigSchema] = {}
    for plugin in calls.names():
        schema = calls.call(plugin, "journiv_config_schema")
        if schema is not None and not isinstance(schema, Mapping):
            expected = "a Cerberus schema (a mapping)"
            raise WrongReturn(plugin, "journiv_config_schema", expected, type(schema).__name__)
        for key, rules in (schema or {}).items():
            reason = flaw(rules)
            if reason is not None:
                raise WrongSchema(plugin, key, reason)
        found[plugin] = schema or {}
    return found


def _of(plugin: str, provided: Iterable[Provided]) -> tuple[str, ...]:
    return tuple(what for owner, what in provided if owner == plugin)


def _inactive(rows: Iterable[PluginRow]) -> Mapping[str, str]:
    """Say of each plugin that is not active why, to follow the word "is"."""
    return {
        row.name: "not loaded" if row.state == FAILED else row.reason for row in rows if row.reason
    }


def _row(candidate: Candidate, state: str, reason: str | None) -> PluginRow:
    return PluginRow(
        name=candidate.name,
        dist=candidate.dist,
        version=candidate.version,
        state=state,
        reason=reason,
    )


def _trace(line: str) -> None:
    sys.stderr.write(f"hook {line}\n")
