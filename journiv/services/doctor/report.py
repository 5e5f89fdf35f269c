"""The bundle of `journiv doctor --report`: what helps to find a fault, and nothing personal.

Of settings only yes and no, numbers, and words out of a fixed list are shown: nothing anybody
could have typed. In sentences, what the settings hold is replaced by the setting's name.
"""

from __future__ import annotations

import platform
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlsplit

from journiv.config import Settings, Value
from journiv.config.schema import CORE
from journiv.contracts.findings import Finding
from journiv.domain.redaction import one_line, redact

# Names of plugins and of what they offer.
_NAMES: Final = frozenset(
    {"auth", "media_store", "plugins", "plugins_disabled", "rate_limiter", "session_tokens",
     "store"}
)  # fmt: skip
_ADDRESSES: Final = frozenset({"database_url", "media_url", "rate_limit_storage_uri", "redis_url"})
_SHORTEST: Final = 3
_PATTERNS: Final = (
    (re.compile(r"https?://[^\s\"']+"), "<address>"),
    (re.compile(r"(?<![\w<>./:-])(?:/[\w.@+~<>-]+){2,}/?"), "<path>"),
    (re.compile(r"\b(?!127\.0\.0\.1|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?\b"), "<address>"),
    (
        re.compile(r"(?<![\w:])[0-9a-f]{1,4}:(?:[0-9a-f]{0,4}:)+[0-9a-f]*(?:/\d+)?", re.I),
        "<address>",
    ),
)


def report(
    settings: Settings,
    version: str,
    *,
    plugins: Sequence[Mapping[str, Any]],
    findings: Iterable[Finding],
    warnings: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the bundle, ready for JSON. `plugins` are rows, `warnings` records of the log."""
    clean = Scrubber(settings)
    return {
        "journiv": version,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "sqlite": sqlite3.sqlite_version,
        "plugins": [_plugin(row, clean) for row in plugins],
        "settings": {
            f"{section}.{key}" if section else key: _shown(section, key, value)
            for section, values in settings.values.items()
            for key, value in values.items()
            if value.source != "default"
        },
        "checklist": [clean.texts(asdict(finding)) for finding in findings],
        "settings_warnings": [clean(warning) for warning in settings.warnings],
        "last_warnings": [clean.texts(record) for record in warnings],
    }


class Scrubber:
    """Takes out of a sentence what the settings hold, secrets, addresses, paths and names."""

    def __init__(self, settings: Settings) -> None:
        held = {
            text: f"<{key}>"
            for section, values in settings.values.items()
            for key, value in values.items()
            if value.source != "default" and not _is_word(section, key)
            for text in _typed(value.value)
        }
        held[str(settings.data)] = "<data>"
        held[platform.node()] = "<machine>"
        self._held = [
            (re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE), name)
            for text, name in sorted(held.items(), key=lambda known: -len(known[0]))
            if len(text) >= _SHORTEST
        ]

    def __call__(self, text: str) -> str:
        """Return the sentence on one line, fit to be read by anybody."""
        for pattern, name in self._held:
            text = pattern.sub(name, text)
        text = redact(text)
        for pattern, name in _PATTERNS:
            text = pattern.sub(name, text)
        return one_line(text)

    def texts(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record with every text of it cleaned, but for the time."""
        return {
            key: self(value) if isinstance(value, str) and key != "time" else value
            for key, value in record.items()
        }


def _is_word(section: str, key: str) -> bool:
    """Say whether a setting can only be a word that is known beforehand."""
    return not section and (key in _NAMES or "allowed" in CORE.get(key, {}))


def _typed(value: object) -> Iterable[str]:
    """Yield what may be a host, an address, a path or a name in a value."""
    if isinstance(value, str):
        yield value
        yield from (part.strip() for part in value.split(","))
        if "://" in value:
            address = urlsplit(value)
            yield from filter(None, (address.hostname, address.username, address.password))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _typed(one)


def _shown(section: str, key: str, value: Value) -> str:
    """Say what a setting is, or only that it is set, and where: environment, journiv.toml, file."""
    return f"{_told(section, key, value)} ({value.source.split(' ')[0]})"


def _told(section: str, key: str, value: Value) -> str:
    held = value.value
    if not value.secret:
        if isinstance(held, bool | int | float):
            return str(held).lower()
        if _is_word(section, key):
            return ", ".join(held) if isinstance(held, list | tuple) else str(held)
    if not section and key in _ADDRESSES and "://" in str(held):
        return f"{urlsplit(str(held)).scheme}://…"
    if isinstance(held, list | tuple):
        return f"set, {len(held)} values"
    return "set"


def _plugin(row: Mapping[str, Any], clean: Scrubber) -> dict[str, Any]:
    told = {key: row[key] for key in ("name", "dist", "version", "api", "state", "in_use")}
    if row["reason"]:
        told["reason"] = clean(row["reason"])
    return told
