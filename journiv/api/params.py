"""Query strings and path ids: typed readers made once per route from its `Param` declarations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from journiv.api.refusals import refused
from journiv.contracts.routes import Param
from journiv.domain.clock import FIRST_INSTANT, LAST_INSTANT, parse_day, parse_instant
from journiv.domain.errors import Violation
from journiv.domain.ids import parse_id
from journiv.domain.text import unstorable

Read = Callable[[str], Any]
Pairs = list[tuple[str, str]]

AN_INSTANT = f"an ISO 8601 date and time from {FIRST_INSTANT[:10]} to {LAST_INSTANT[:10]} in UTC"
_INTEGER = re.compile(r"[+-]?\d{1,16}", re.ASCII)
_TRUE = frozenset({"true", "1", "yes", "y", "on", "t"})
_FALSE = frozenset({"false", "0", "no", "n", "off", "f"})
_MAX_FIELDS = 100


class Refused(Exception):
    """A value broke a rule: its name and a sentence."""

    def __init__(self, rule: str, msg: str) -> None:
        super().__init__(msg)
        self.rule = rule
        self.msg = msg


class QueryReader:
    """Reads the declared parameters of one route; others are ignored."""

    def __init__(self, params: Sequence[Param]) -> None:
        self._readers = {param.name: reader(param) for param in params}
        self._defaults = {param.name: param.default for param in params if not param.required}
        self._required = tuple(param.name for param in params if param.required)

    def read(self, query_string: str) -> Mapping[str, Any]:
        """Return a value for every parameter. Raises `Invalid`, naming each refused one."""
        values = dict(self._defaults)
        if not query_string:
            if self._required:
                raise refused([_missing(name) for name in self._required])
            return values
        pairs = _parse(query_string)
        sent = dict(pairs)
        wrong = [_missing(name) for name in self._required if name not in sent]
        if len(sent) < len(pairs):
            wrong += self._repeated(pairs)
        for name, read in self._readers.items():
            if name in sent:
                try:
                    values[name] = read(sent[name])
                except Refused as why:
                    wrong.append(Violation(("query", name), why.rule, why.msg))
        if wrong:
            raise refused(wrong)
        return values

    def _repeated(self, pairs: Pairs) -> list[Violation]:
        """Refuse to choose between two values: a proxy in front may choose the other one."""
        counts = Counter(name for name, _ in pairs)
        msg = "This was sent more than once."
        return [
            Violation(("query", name), "repeated", msg)
            for name in self._readers
            if counts[name] > 1
        ]


def canonical_ids(path: Mapping[str, str], names: Sequence[str]) -> Mapping[str, str]:
    """Return the path parts with `names` as canonical UUIDs. Raises `Invalid`."""
    parts = dict(path)
    for name in names:
        found = parse_id(parts[name])
        if found is None:
            raise refused([Violation(("path", name), "uuid_parsing", "This is not a valid UUID.")])
        parts[name] = found
    return parts


def boolean(value: str) -> bool:
    """Read yes or no in the spellings clients use. Raises `Refused`."""
    folded = value.strip().lower()
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    raise Refused("bool_parsing", "This is not a boolean.")


def reader(param: Param) -> Read:
    """Make the reader of one parameter."""
    match param.kind:
        case "int":
            return lambda value: _integer(param, value)
        case "bool":
            return boolean
        case "text":
            return lambda value: _text(param, value)
        case "uuid":
            return lambda value: _wanted(parse_id(value), "uuid_parsing", "a valid UUID")
        case "day":
            return lambda value: _day(value)
        case "instant":
            return lambda value: _wanted(parse_instant(value), "datetime_parsing", AN_INSTANT)
        case "choice":
            return lambda value: _choice(param, value)
    raise ValueError(f"parameter {param.name} has the unknown kind {param.kind}")


def _parse(query_string: str) -> Pairs:
    try:
        return parse_qsl(
            query_string,
            keep_blank_values=True,
            max_num_fields=_MAX_FIELDS,
            errors="surrogateescape",
        )
    except ValueError:
        broken = Violation(("query",), "too_long", f"At most {_MAX_FIELDS} parameters are read.")
        raise refused([broken]) from None


def _missing(name: str) -> Violation:
    return Violation(("query", name), "missing", "Field required")


def _integer(param: Param, value: str) -> int:
    if not _INTEGER.fullmatch(value):
        raise Refused("int_parsing", "This is not an integer.")
    number = int(value)
    if param.minimum is not None and number < param.minimum:
        raise Refused("greater_than_equal", f"This must be at least {param.minimum}.")
    if param.maximum is not None and number > param.maximum:
        raise Refused("less_than_equal", f"This must be at most {param.maximum}.")
    return number


def _text(param: Param, value: str) -> str:
    if unstorable(value):
        raise Refused("string_unicode", "This holds characters that cannot be stored.")
    if param.minimum is not None and len(value) < param.minimum:
        raise Refused("string_too_short", f"This needs at least {param.minimum} characters.")
    if param.maximum is not None and len(value) > param.maximum:
        raise Refused("string_too_long", f"This may have at most {param.maximum} characters.")
    return value


def _day(value: str) -> str:
    if parse_day(value) is None:
        raise Refused("date_parsing", "This is not a day of the form YYYY-MM-DD.")
    return value


def _choice(param: Param, value: str) -> str:
    if value not in param.choices:
        raise Refused("enum", f"This must be one of: {', '.join(param.choices)}.")
    return value


def _wanted(found: str | None, rule: str, what: str) -> str:
    if found is None:
        raise Refused(rule, f"This is not {what}.")
    return found
