"""JSON as this server reads it: bounded in depth and size, each key once, no impossible numbers."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson

from journiv.domain.errors import BadRequest

MAX_DEPTH = 64
MAX_CONTAINERS = 10_000
MAX_VALUES = 100_000

# Only for JSON that has been parsed: over a string without end it would take quadratic time.
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def loads(raw: bytes) -> Any:
    """Parse JSON. Raises `BadRequest` (`Invalid JSON`) for what is broken or beyond the bounds.

    Objects that name a key twice are refused: who reads along may take the other value.
    Lone surrogates are let through, so that the field that holds one can be named.
    """
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        if b"\\u" not in raw:
            raise BadRequest("Invalid JSON") from None
        document = _loads_with_surrogates(raw)
    if type(document) in (dict, list):
        shape = _shape(document)
        if shape is None or _has_twins(raw, shape.keys):
            raise BadRequest("Invalid JSON")
    return document


def _loads_with_surrogates(raw: bytes) -> Any:
    """Parse what orjson refused, in case a lone surrogate was the only reason."""
    try:
        return json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadRequest("Invalid JSON") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large")
    return number


@dataclass(slots=True)
class _Shape:
    keys: int = 0
    values: int = 0


def _shape(document: Any) -> _Shape | None:
    """Count what is in a document, level by level; None as soon as that is too much."""
    shape = _Shape()
    level, containers = [document], 1
    for _ in range(MAX_DEPTH):
        below = []
        for part in level:
            shape.values += len(part)
            if shape.values > MAX_VALUES:
                return None
            if type(part) is dict:
                shape.keys += len(part)
                part = part.values()
            below += [one for one in part if type(one) in (dict, list)]
        containers += len(below)
        if containers > MAX_CONTAINERS:
            return None
        if not below:
            return shape
        level = below
    return None


def _has_twins(raw: bytes, keys: int) -> bool:
    """Say whether keys got lost in parsing: outside of strings, each key has one colon."""
    return raw.count(b":") != keys and _STRING.sub(b"", raw).count(b":") != keys
