"""Configuration in two phases: the core's keys, then the plugins' sections.

Phase one says which plugins there are; the loader asks them for their schemas; phase two checks
every section. `secrets` are settled last, by the commands that need them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from journiv.config import derived, key_file, secrets, sources, unknown
from journiv.config.derived import clock
from journiv.config.schema import CORE, ConfigSchema
from journiv.config.settings import Settings
from journiv.config.sources import Sources, Value

__all__ = [
    "ConfigSchema", "Settings", "Sources", "Value", "clock", "core", "read_sources", "with_plugins",
    "with_secrets",
]  # fmt: skip

read_sources = sources.read


def core(given: Sources) -> Settings:
    """Phase one: check the core's own keys. Raises `ConfigError`."""
    warnings: list[str] = []
    values = sources.resolve(given, CORE, None, warnings)
    return derived.settings(values, warnings)


def with_plugins(
    settings: Settings,
    given: Sources,
    schemas: Mapping[str, ConfigSchema],
    inactive: Mapping[str, str],
) -> Settings:
    """Phase two: check the section of every active plugin. Raises `ConfigError`.

    `inactive` names plugins that are installed but not active, with the reason; their sections
    are left alone.
    """
    warnings = list(settings.warnings)
    unknown.refuse_keys(given, schemas, inactive, warnings)
    unknown.refuse_shared_names(schemas)
    unknown.warn_of_variables(given, schemas, inactive, warnings)
    resolved = {
        name: sources.resolve(given, schema, name, warnings) for name, schema in schemas.items()
    }
    return replace(
        settings,
        sections={name: _plain(values) for name, values in resolved.items()},
        values={**settings.values, **resolved},
        warnings=tuple(warnings),
    )


def with_secrets(settings: Settings) -> Settings:
    """Return the settings with a `SECRET_KEY` that may be used, and every key that still verifies.

    Raises `ConfigError`.
    """
    warnings = list(settings.warnings)
    key = secrets.settle(settings.secret_key, settings.environment, settings.data, warnings)
    previous = [*settings.secret_keys_previous, *key_file.previous_keys(key_file.of(settings))]
    verifying = tuple(one for one in dict.fromkeys(previous) if one != key)
    secrets.check_previous(verifying, settings.environment, warnings)
    return replace(
        settings,
        secret_key=key,
        secret_keys_previous=verifying,
        warnings=tuple(warnings),
    )


def _plain(values: Mapping[str, Value]) -> Mapping[str, Any]:
    return {key: value.value for key, value in values.items()}
