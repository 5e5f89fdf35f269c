"""Settings nobody knows: a typo must be heard, not ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from journiv.config.schema import (
    CORE,
    IGNORED_PREFIXES,
    KNOWN_NAMES,
    WITHOUT_EFFECT,
    ConfigSchema,
)
from journiv.config.sources import Sources, names, suggestion
from journiv.domain.errors import ConfigError


def refuse_keys(
    given: Sources,
    schemas: Mapping[str, ConfigSchema],
    inactive: Mapping[str, str],
    warnings: list[str],
) -> None:
    """Raise `ConfigError` for a key or section of the file that no active part declares."""
    for key, value in given.table.items():
        if key in CORE and not isinstance(value, Mapping):
            continue
        if key in schemas and isinstance(value, Mapping):
            _refuse_section(given, key, value, schemas[key])
        elif key in inactive and isinstance(value, Mapping):
            warnings.append(
                f"[{key}] ({given.line(None, key)}) is not used: {key} is {inactive[key]}."
            )
        else:
            raise ConfigError(_unknown(given, key, value, [*CORE, *schemas, *inactive]))


def refuse_shared_names(schemas: Mapping[str, ConfigSchema]) -> None:
    """Raise `ConfigError` when two keys claim one environment name."""
    owners = {name: f"core setting '{key}'" for key in CORE for name in names(None, key, CORE[key])}
    for section, schema in schemas.items():
        for key, rules in schema.items():
            owner = f"[{section}] {key}"
            for name in names(section, key, rules):
                other = owners.setdefault(name, owner)
                if other != owner:
                    raise ConfigError(
                        f"Both {other} and {owner} read the environment variable {name}. "
                        "Disable one of the plugins."
                    )


def warn_of_variables(
    given: Sources,
    schemas: Mapping[str, ConfigSchema],
    inactive: Mapping[str, str],
    warnings: list[str],
) -> None:
    """Warn of `JOURNIV_…` variables, older names, and near misses of names, that nobody reads."""
    known = set(_known(schemas))
    for name in sorted(set(given.environ) - known):
        if name.startswith(IGNORED_PREFIXES):
            continue
        if any(name.startswith(f"JOURNIV_{plugin.upper()}__") for plugin in inactive):
            continue
        if name in WITHOUT_EFFECT:
            warnings.append(f"{name} is set, but has no effect: {WITHOUT_EFFECT[name]}.")
        elif name.startswith("JOURNIV_"):
            warnings.append(f"{name} is set, but is no setting.{suggestion(name, known)}")
        elif meant := suggestion(name, known, closeness=0.9):
            warnings.append(f"{name} is set, but is no setting.{meant}")


def _refuse_section(
    given: Sources, section: str, table: Mapping[str, object], schema: ConfigSchema
) -> None:
    for key in table:
        if key not in schema:
            raise ConfigError(
                f"[{section}] has no setting '{key}' ({given.line(section, key)})."
                f"{suggestion(key, schema)}"
            )


def _unknown(given: Sources, key: str, value: object, known: Iterable[str]) -> str:
    line = given.line(None, key)
    if isinstance(value, Mapping):
        return f"[{key}] ({line}) is no installed plugin.{suggestion(key, known)}"
    return f"There is no setting '{key}' ({line}).{suggestion(key, known)}"


def _known(schemas: Mapping[str, ConfigSchema]) -> Iterable[str]:
    yield from KNOWN_NAMES
    sections: list[tuple[str | None, ConfigSchema]] = [(None, CORE), *schemas.items()]
    for section, schema in sections:
        for key, rules in schema.items():
            for name in names(section, key, rules):
                yield name
                yield f"{name}_FILE"
