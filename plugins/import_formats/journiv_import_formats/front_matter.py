"""What stands between `---` lines above a Markdown text: the part of YAML that diaries use."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Final

MOST_LINES: Final = 500
_FENCE: Final = re.compile(r"(?:---|\+\+\+)[ \t]*\Z")
_PAIR: Final = re.compile(r"([A-Za-z_][\w -]{0,60}):(?:\s+(.*))?\Z")
_ITEM: Final = re.compile(r"\s*-\s+(.*)\Z")
_PARTS: Final = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,]+)""")

Values = dict[str, list[str]]


def split(document: str) -> tuple[Values, str]:
    """Return the values by lower-case name, each a list, and the text below.

    Scalars, `[a, b]` and lists of `- a` lines are read; what is nested deeper is left out. Without
    a closing line all of it is text.
    """
    lines = document.split("\n", MOST_LINES)
    if not lines or lines[0].rstrip() != "---":
        return {}, document
    ends = [place for place, line in enumerate(lines[1:MOST_LINES], 1) if _FENCE.match(line)]
    if not ends:
        return {}, document
    return _values(lines[1 : ends[0]]), "\n".join(lines[ends[0] + 1 :])


def _values(lines: list[str]) -> Values:
    values: Values = {}
    name: str | None = None
    for line in map(str.rstrip, lines):
        pair, item = _PAIR.match(line), _ITEM.match(line)
        if pair and not line.startswith(" "):
            name = pair[1].strip().lower()
            values[name] = _listed(pair[2] or "")
        elif item and name is not None:
            values[name] += filter(None, [_scalar(item[1])])
        elif line and not line.startswith((" ", "#")):
            name = None
    return values


def _listed(text: str) -> list[str]:
    """Return the values of a line: one, or those in brackets."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        parts = _PARTS.findall(text[1:-1])
        return [one for part in parts if (one := _scalar(part))]
    scalar = _scalar(text)
    return [scalar] if scalar else []


def _scalar(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        quote, inner = text[0], text[1:-1]
        return _double_quoted(text).strip() if quote == '"' else inner.replace("''", "'")
    text = text.partition(" #")[0].rstrip()
    return "" if text in ("null", "~", "|", ">") or text.startswith("{") else text


def _double_quoted(text: str) -> str:
    """Read what is JSON as such, which most of YAML's double quotes are."""
    with suppress(ValueError):
        return str(json.loads(text))
    return text[1:-1].replace('\\"', '"')
