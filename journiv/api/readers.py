"""Reading values of a JSON body into wire form, before they are checked.

Clients are read generously where the published API does so: instants also as Unix seconds, booleans
also as `"yes"` or 1, UUIDs in any spelling. What cannot be read becomes `Unread`, which no type
accepts and which says why; nothing is raised, so that every wrong field is named at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from journiv.api.params import AN_INSTANT, Refused, boolean
from journiv.domain.clock import instant, parse_day, parse_instant, zone
from journiv.domain.ids import parse_id
from journiv.domain.text import has_controls, unstorable

Read = Callable[[Any], Any]

MAX_INTEGER = 2**53
MAX_ITEMS = 200
_DIGITS = re.compile(r"[+-]?\d{1,16}", re.ASCII)
_EMAIL = re.compile(r"[^@\s\x00-\x20\x7f]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class Unread:
    """Stands where a value could not be read: the broken rule and a sentence."""

    rule: str
    msg: str


def reader(rules: Mapping[str, Any]) -> Read:
    """Make the reader of one value from its Cerberus rules."""
    kind = rules.get("type")
    if kind == "dict" and "schema" in rules:
        read = _object_reader(rules["schema"])
    elif kind == "dict" and "valuesrules" in rules:
        read = _mapping_reader(reader(rules["valuesrules"]))
    elif kind == "list" and "schema" in rules:
        read = _list_reader(reader(rules["schema"]), rules.get("maxlength", MAX_ITEMS))
    elif isinstance(kind, str):
        read = _SCALARS.get(kind, _as_sent)
    else:
        read = _as_sent
    return lambda value: None if value is None else read(value)


def object_reader(fields: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Make a reader that keeps the declared fields that were sent and drops the others."""
    readers = tuple((name, reader(rules)) for name, rules in fields.items())
    return lambda value: {name: read(value[name]) for name, read in readers if name in value}


def _object_reader(fields: Mapping[str, Any]) -> Read:
    read = object_reader(fields)
    return lambda value: read(value) if isinstance(value, dict) else value


def _mapping_reader(read: Read) -> Read:
    def read_all(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return _too_long(value, MAX_ITEMS) or {key: read(one) for key, one in value.items()}

    return read_all


def _list_reader(read: Read, longest: int) -> Read:
    def read_all(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return _too_long(value, longest) or [read(one) for one in value]

    return read_all


def _too_long(value: Sized, longest: int) -> Unread | None:
    """Refuse before anything is checked: Cerberus takes quadratic time over many wrong items."""
    if len(value) <= longest:
        return None
    return Unread("too_long", f"This may have a length of at most {longest}.")


def _as_sent(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    if isinstance(value, str) and has_controls(value):
        return Unread("string_unicode", "This holds control characters, which no text needs.")
    return _secret(value)


def _secret(value: Any) -> Any:
    if not isinstance(value, str):
        return Unread("string_type", "This must be text.")
    if unstorable(value):
        return Unread("string_unicode", "This holds characters that cannot be stored.")
    return value


def _uuid(value: Any) -> Any:
    found = parse_id(value) if isinstance(value, str) else None
    return found or Unread("uuid_parsing", "This is not a valid UUID.")


def _instant(value: Any) -> Any:
    found = None
    if isinstance(value, str):
        found = parse_instant(value)
    elif type(value) in (int, float):
        found = _unix(value)
    return found or Unread("datetime_parsing", f"This is not {AN_INSTANT}.")


def _unix(seconds: float) -> str | None:
    try:
        return parse_instant(instant(datetime.fromtimestamp(seconds, UTC)))
    except (ValueError, OverflowError, OSError):
        return None


def _day(value: Any) -> Any:
    if isinstance(value, str) and parse_day(value) is not None:
        return value
    return Unread("date_parsing", "This is not a day of the form YYYY-MM-DD.")


def _zone(value: Any) -> Any:
    if isinstance(value, str) and zone(value) is not None:
        return value
    return Unread("time_zone", "This is not an IANA time zone.")


def _email(value: Any) -> Any:
    if isinstance(value, str):
        address = value.strip()
        # Invisible signs and wide letters make addresses that look like somebody else's.
        if (
            len(address) <= 254
            and address.isprintable()
            and unicodedata.is_normalized("NFKC", address)
            and _EMAIL.fullmatch(address)
        ):
            return address
    return Unread("value_error", "This is not a valid e-mail address.")


def _boolean(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) or (type(value) is int and value in (0, 1)):
        try:
            return boolean(str(value))
        except Refused as refused:
            return Unread(refused.rule, refused.msg)
    return Unread("bool_type", "This must be true or false.")


def _integer(value: Any) -> Any:
    digits = isinstance(value, str) and _DIGITS.fullmatch(value)
    if digits or (type(value) is float and value.is_integer()):
        value = int(value)
    if type(value) is not int:
        return Unread("int_type", "This must be an integer.")
    if abs(value) > MAX_INTEGER:
        return Unread("int_parsing_size", "This integer is too large.")
    return value


def _number(value: Any) -> Any:
    if type(value) is float or (type(value) is int and abs(value) <= MAX_INTEGER):
        return value
    return Unread("float_type", "This must be a number.")


_SCALARS: Mapping[str, Read] = {
    "string": _text,
    "text": _text,
    "secret": _secret,
    "uuid": _uuid,
    "instant": _instant,
    "day": _day,
    "zone": _zone,
    "email": _email,
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "float": _number,
}
