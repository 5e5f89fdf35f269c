"""Quill's deltas as Markdown: what Journiv's own backups hold since their version 1.5."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from journiv_import_formats.fields import row, rows

DEEPEST_LIST: Final = 20
_MARKS: Final = {"code": "`", "strike": "~~", "italic": "*", "bold": "**"}
_LISTS: Final = {"bullet": "- ", "ordered": "1. ", "checked": "- [x] ", "unchecked": "- [ ] "}


def markdown(delta: Mapping[str, Any]) -> str:
    """Return a document's text; embedded media are left out, the entry's own list has them."""
    return "\n".join(_lines(delta)).strip()


def _lines(delta: Mapping[str, Any]) -> Iterator[str]:
    """Yield lines: what a line is stands at the newline that ends it."""
    line: list[str] = []
    in_code = False
    for one in rows(delta, "ops"):
        insert, attributes = one.get("insert"), row(one, "attributes")
        if not isinstance(insert, str):
            continue
        *ended, rest = insert.split("\n")
        for part in ended:
            line.append(_styled(part, attributes))
            is_code = bool(attributes.get("code-block"))
            if is_code != in_code:
                yield "```"
            in_code = is_code
            yield ("" if is_code else _prefix(attributes)) + "".join(line)
            line.clear()
        line.append(_styled(rest, attributes))
    if in_code:
        yield "```"
    yield "".join(line)


def _prefix(attributes: Mapping[str, Any]) -> str:
    level, indent = attributes.get("header"), attributes.get("indent")
    if isinstance(level, int) and 1 <= level <= 6:
        return "#" * level + " "
    if attributes.get("blockquote"):
        return "> "
    kind = attributes.get("list")
    if not isinstance(kind, str):
        return ""
    depth = min(max(indent, 0), DEEPEST_LIST) if isinstance(indent, int) else 0
    return "    " * depth + _LISTS.get(kind, "- ")


def _styled(text: str, attributes: Mapping[str, Any]) -> str:
    """Put the marks of a style around the words, never around the spaces beside them."""
    words = text.strip()
    if not words:
        return text
    styled = words
    for name, mark in _MARKS.items():
        if attributes.get(name):
            styled = f"{mark}{styled}{mark}"
    link = attributes.get("link")
    if isinstance(link, str) and link:
        styled = f"[{styled}]({link})"
    return text.replace(words, styled, 1)
