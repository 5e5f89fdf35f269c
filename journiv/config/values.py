"""Reading one value: from text to its type, checked, with a sentence when it is wrong."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import cerberus

from journiv.config.schema import Rules
from journiv.domain.errors import ConfigError

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_HOST = re.compile(
    r"(?:\[[0-9A-Fa-f:.]+\]|[^\s:/?#@\[\]\\,;\x00-\x20\x7f]+)(?::(\d{1,5}))?", re.ASCII
)


def convert(text: str, rules: Rules) -> Any:
    """Read the text of an environment variable or a file. Raises ValueError with the reason."""
    kind = rules.get("type", "string")
    if kind == "boolean":
        return _boolean(text)
    if kind == "list":
        parts = [part.strip() for part in text.split(",")]
        return [convert(part, rules.get("schema", {})) for part in parts if part]
    if kind in ("integer", "number", "float"):
        return _number(text, kind)
    return _as_allowed(text, rules)


def check(value: Any, rules: Rules) -> str | None:
    """Return what is wrong with a value, as the end of a sentence; None when nothing is."""
    if isinstance(value, float) and not math.isfinite(value):
        return "must be a finite number"
    bare = {name: rule for name, rule in rules.items() if name not in ("default", "meta")}
    validator = SettingsValidator({"value": bare})
    if validator.validate({"value": value}, normalize=False):
        return None
    return _phrase(validator.errors["value"], rules.get("allowed", ()))


def flaw(rules: Any) -> str | None:
    """Return what is wrong with a key's rules themselves, or with their default."""
    if not isinstance(rules, Mapping):
        return "its rules are not a mapping"
    try:
        reason = check(rules.get("default"), {"nullable": True, **rules})
    except cerberus.SchemaError as error:
        return f"its rules are not Cerberus rules: {error}"
    return reason and f"its default {reason}"


class SettingsValidator(cerberus.Validator):  # type: ignore[misc]  # Cerberus ships no types
    """Cerberus without its traps: True is no integer, `^a$` accepts no trailing newline."""

    types_mapping: ClassVar[dict[str, cerberus.TypeDefinition]] = {
        **cerberus.Validator.types_mapping,
        "integer": cerberus.TypeDefinition("integer", (int,), (bool,)),
        "float": cerberus.TypeDefinition("float", (float, int), (bool,)),
        "number": cerberus.TypeDefinition("number", (float, int), (bool,)),
    }

    def _validate_regex(self, pattern: str, field: str, value: Any) -> None:
        """Match the whole value.

        The rule's arguments are validated against this schema: {'type': 'string'}
        """
        if isinstance(value, str) and re.compile(pattern).fullmatch(value) is None:
            self._error(field, f"must match {pattern}")

    def _check_with_networks(self, field: str, value: Any) -> None:
        for text in value:
            _network(text, lambda message: self._error(field, message))

    def _check_with_proxies(self, field: str, value: Any) -> None:
        if value == "auto":
            return
        for text in (part.strip() for part in value.split(",")):
            _network(text, lambda message: self._error(field, message))

    def _check_with_public_host(self, field: str, value: Any) -> None:
        host = re.sub(r"^\w+://", "", value).partition("/")[0]
        if host != value or not host:
            self._error(field, f"must be a host name without scheme and path: {host or 'none'}")
        elif not _is_host(host):
            self._error(
                field, "must be a host name such as journal.example.org, perhaps with :PORT"
            )


def refuse(name: str, source: str, value: Any, reason: str, *, secret: bool) -> ConfigError:
    """Return the error of a refused setting; a secret's value is never shown."""
    shown = "a hidden value" if secret else repr(value)
    return ConfigError(f"{name} ({source}) is {shown}, but {reason}.")


def _boolean(text: str) -> bool:
    lowered = text.lower()
    if lowered not in _TRUE | _FALSE:
        raise ValueError("must be true or false")
    return lowered in _TRUE


def _number(text: str, kind: str) -> float:
    try:
        return int(text)
    except ValueError:
        if kind == "integer":
            raise ValueError("must be a whole number") from None
    try:
        number = float(text)
    except ValueError:
        raise ValueError("must be a number") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("must be a finite number")
    return number


def _as_allowed(text: str, rules: Mapping[str, Any]) -> str:
    """Return the allowed spelling of a word whatever its case (`debug` is `DEBUG`)."""
    for word in rules.get("allowed", ()):
        if isinstance(word, str) and word.lower() == text.lower():
            return word
    return text


def _is_host(text: str) -> bool:
    found = _HOST.fullmatch(text)
    return found is not None and 0 < int(found[1] or 443) <= 65535


def _network(text: str, report: Callable[[str], None]) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        report(f"must hold networks such as 10.0.0.0/8, and '{text}' is none")


def _phrase(errors: list[Any], allowed: Iterable[Any]) -> str:
    first = errors[0]
    while isinstance(first, dict):
        first = next(iter(first.values()))[0]
    words = str(first)
    if words.startswith("unallowed value"):
        return "must be one of " + ", ".join(map(str, allowed))
    for start, plain in _PHRASES.items():
        if words.startswith(start):
            return plain + words[len(start) :]
    return words


_PHRASES = {
    "must be of integer type": "must be a whole number",
    "must be of number type": "must be a number",
    "must be of float type": "must be a number",
    "must be of boolean type": "must be true or false",
    "must be of string type": "must be text in quotes",
    "must be of list type": "must be a list",
    "min value is ": "must be at least ",
    "max value is ": "must be at most ",
    "max length is ": "may have at most this many characters: ",
    "min length is ": "must have at least this many characters: ",
    "null value not allowed": "must not be empty",
}
