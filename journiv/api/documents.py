"""JSON as this server reads it: bounded in depth, without NaN and without impossible numbers."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import orjson

from journiv.domain.errors import BadRequest

MAX_DEPTH = 64
MAX_CONTAINERS = 10_000

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_SQUARE = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


def loads(raw: bytes) -> Any:
    """Parse JSON. Raises `BadRequest` (`Invalid JSON`) for what is broken or deeper than 64 levels.

    Objects that name a key twice are refused: who reads along may take the other value.

    Lone surrogates are let through, so that the field that holds one can be named.
    """
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _too_deep(raw):
        raise BadRequest("Invalid JSON")
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        if b"\\u" not in raw:
            raise BadRequest("Invalid JSON") from None
        document = _loads_with_surrogates(raw)
    if _has_twins(document, raw):
        raise BadRequest("Invalid JSON")
    return document


def _loads_with_surrogates(raw: bytes) -> Any:
    """Parse what orjson refused, in case a lone surrogate was the only reason."""
    try:
        return json.loads(raw.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadRequest("Invalid JSON") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _too_deep(raw: bytes) -> bool:
    """Say whether brackets nest deeper than allowed, are too many, or do not match at all.

    Each round takes one level of innermost pairs away, so hostile bodies cost no Python loop.
    """
    brackets = _STRING.sub(b"", raw).translate(_SQUARE, _NOT_BRACKETS)
    if len(brackets) > 2 * MAX_CONTAINERS:
        return True
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"")
        if not brackets:
            return False
    return True


def _has_twins(document: Any, raw: bytes) -> bool:
    """Say whether keys got lost: outside of strings, each key has one colon."""
    keys = _keys(document)
    return raw.count(b":") != keys and _STRING.sub(b"", raw).count(b":") != keys


def _keys(document: Any) -> int:
    """Count the keys of all objects."""
    count = 0
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            count += len(part)
            part = part.values()
        elif not isinstance(part, list):
            continue
        waiting += [one for one in part if isinstance(one, dict | list)]
    return count
