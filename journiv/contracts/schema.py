"""Shapes of JSON bodies: checked by Cerberus, published as OpenAPI 3.1.

A schema is a Cerberus schema with a name. Beside Cerberus' own rules these types exist:
`text` (a string that can be stored: no NUL, no lone surrogate, no control character but tab, line
feed and carriage return), `secret` (the same with any other control: passwords), `uuid`, `instant`
(ISO 8601; naive means UTC; becomes wire text), `day` (`YYYY-MM-DD`), `zone` (an IANA name),
`email`, `number` (an integer or float, never a boolean).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Schema:
    """A named object shape; `fields` is a Cerberus schema. Unknown fields are ignored."""

    name: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A bare JSON array of `item`: a `Schema`, or the rules of a plain value."""

    item: Schema | Mapping[str, Any]


Shape = Schema | ListOf
