"""Where values come from: default < journiv.toml < environment < `<NAME>_FILE`."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from journiv.config import values
from journiv.config.schema import ConfigSchema, Rules
from journiv.domain.errors import ConfigError

_QUOTED = re.compile(r"(['\"])(.*)\1\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Value:
    """A checked value, the name it was given under, and where: what `config show` prints.

    `variables` are all the environment names it could have been given under, `path` the file
    whose content it is.
    """

    name: str
    value: Any = field(repr=False)
    source: str
    secret: bool
    variables: tuple[str, ...] = ()
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The raw material: the environment and the file, read once."""

    environ: Mapping[str, str] = field(repr=False)
    path: Path | None
    table: Mapping[str, Any] = field(repr=False)
    text: str = field(repr=False, default="")

    def line(self, section: str | None, key: str) -> str:
        """Say where in the file a key stands, `journiv.toml line 12`."""
        name = self.path.name if self.path else "journiv.toml"
        number = _line_number(self.text, section, key)
        return f"{name} line {number}" if number else name

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a plugin's table of the file, empty when there is none."""
        found = self.table.get(name, {})
        return found if isinstance(found, Mapping) else {}


def read(environ: Mapping[str, str]) -> Sources:
    """Find and parse `journiv.toml`; raises `ConfigError` when it is named but unreadable."""
    path = _find(environ)
    if path is None:
        return Sources(environ, None, {})
    try:
        text = path.read_text(encoding="utf-8")
        return Sources(environ, path, tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {_reason(error)}.") from None


def resolve(
    sources: Sources, schema: ConfigSchema, section: str | None, warnings: list[str]
) -> dict[str, Value]:
    """Return every key of a schema with its value: the core's (None) or a plugin's section.

    Raises `ConfigError` for a value that does not fit. Appends to `warnings`.
    """
    table = sources.table if section is None else sources.section(section)
    found: dict[str, Value] = {}
    for key, rules in schema.items():
        secret = bool(rules.get("meta", {}).get("secret", False))
        variables = names(section, key, rules)
        given = _given(sources, variables, rules, secret, warnings)
        if given is None and key in table:
            name = key if section is None else f"[{section}] {key}"
            given = Value(name, table[key], sources.line(section, key), secret)
        if given is None:
            given = Value(key, rules.get("default"), "default", secret)
        elif reason := values.check(given.value, rules):
            raise values.refuse(given.name, given.source, given.value, reason, secret=secret)
        found[key] = replace(given, variables=variables)
    return found


def names(section: str | None, key: str, rules: Rules) -> tuple[str, ...]:
    """Return the environment names of a key, the strongest first."""
    own = f"JOURNIV_{key}" if section is None else f"JOURNIV_{section}__{key}"
    return (*rules.get("meta", {}).get("env", ()), own.upper())


def suggestion(word: str, known: Iterable[str], *, closeness: float = 0.6) -> str:
    """Return ` Did you mean 'x'?`, or nothing. `closeness` is difflib's ratio, up to 1."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=closeness)
    return f" Did you mean '{close[0]}'?" if close else ""


def _find(environ: Mapping[str, str]) -> Path | None:
    named = environ.get("JOURNIV_CONFIG")
    if named:
        return Path(named)
    data = Path(environ.get("JOURNIV_DATA") or "/data")
    for path in (data / "journiv.toml", Path("journiv.toml")):
        if path.is_file():
            return path
    return None


def _given(
    sources: Sources,
    candidates: tuple[str, ...],
    rules: Rules,
    secret: bool,
    warnings: list[str],
) -> Value | None:
    """Return the strongest value the environment gives under any of its names."""
    found = [
        Value(name, _converted(name, text, source, rules, secret), source, secret, path=path)
        for name, text, source, path in _texts(sources.environ, candidates)
    ]
    if not found:
        return None
    first = found[0]
    warnings.extend(
        f"{first.name} and {other.name} differ; {first.name} is used."
        for other in found[1:]
        if other.name != first.name and other.value != first.value
    )
    return first


def _texts(
    environ: Mapping[str, str], candidates: tuple[str, ...]
) -> Iterator[tuple[str, str, str, Path | None]]:
    """Yield (name, text, source, file), files before variables; an empty one counts as unset."""
    for name in candidates:
        path = environ.get(f"{name}_FILE")
        if path:
            yield name, _file_text(name, Path(path)), f"file {path}", Path(path)
    for name in candidates:
        text = _unquoted(environ.get(name, "").strip())
        if text:
            yield name, text, "environment", None


def _file_text(name: str, path: Path) -> str:
    try:
        text = _unquoted(path.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{name}_FILE names {path}, which cannot be read: {_reason(error)}."
        ) from None
    if not text:
        raise ConfigError(f"{name}_FILE names {path}, which is empty.")
    return text


def _converted(name: str, text: str, source: str, rules: Rules, secret: bool) -> Any:
    try:
        return values.convert(text, rules)
    except ValueError as error:
        raise values.refuse(name, source, text, str(error), secret=secret) from None


def _unquoted(text: str) -> str:
    """Drop the quotes that `docker --env-file` leaves around a value."""
    match = _QUOTED.match(text)
    return match[2] if match else text


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8 text"


def _line_number(text: str, section: str | None, key: str) -> int | None:
    """Find a key's line; tomllib does not tell."""
    current: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\s*\"?([\w-]+)\"?\s*\]", line)
        if header:
            current = header[1]
            if section is None and current == key:
                return number
        elif current == section and re.match(rf"\s*\"?{re.escape(key)}\"?\s*[=.]", line):
            return number
    return None
