"""Texts of Day One: Markdown with escaped punctuation, or blocks of rich text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from journiv_import_formats.fields import row, rows
from journiv_import_formats.titles import headed

DEEPEST_LIST: Final = 20
_MOMENT: Final = re.compile(
    r"!\[[^\[\]\n]{0,300}\]\((?:dayone-moment:/?(?:/?\w{1,20})?/|dayone-(?:photo|video|audio|pdf)://)([\w-]{1,80})\)",
    re.IGNORECASE,
)
# Between entries; what it leads to has another address here, or is not in the export.
_LINK: Final = re.compile(r"(?<!!)\[([^\[\]\n]{1,300})\]\(dayone2?:[^()\s]{1,300}\)", re.IGNORECASE)
_CODE: Final = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINES: Final = re.compile(r"\n{3,}")


def written(entry: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    """Return title, Markdown and the identifiers of embedded media, in their order.

    Rich text tells more than the plain one and is preferred when it can be read.
    """
    blocks = _blocks(entry.get("richText"))
    plain = entry.get("text")
    body = "".join(blocks) if blocks else _unescaped(plain if isinstance(plain, str) else "")
    identifiers = [found[1] for found in _MOMENT.finditer(body)]
    body = _LINES.sub("\n\n", _MOMENT.sub("", _LINK.sub(r"\1", body))).strip()
    return (*headed(body), identifiers)


def _unescaped(text: str) -> str:
    """Undo the backslashes before punctuation, but not in code."""
    parts = _CODE.split(text)
    parts[::2] = [_ESCAPED.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts)


def _blocks(rich: object) -> list[str]:
    """Return rich text as pieces of Markdown; nothing when there is none that can be read."""
    if not isinstance(rich, str):
        return []
    try:
        document = orjson.loads(rich)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return []
    return list(_pieces(document)) if isinstance(document, dict) else []


def _pieces(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield inserts, each line of which begins as its attributes say."""
    at_start = True
    for one in rows(document, "contents"):
        for embedded in rows(one, "embeddedObjects"):
            identifier = embedded.get("identifier")
            if isinstance(identifier, str):
                yield f"\n![](dayone-moment://{identifier})\n"
                at_start = True
            elif embedded.get("type") == "horizontalRuleLine":
                yield "\n---\n"
                at_start = True
        text = one.get("text")
        if isinstance(text, str) and text:
            attributes = row(one, "attributes")
            yield (_prefix(row(attributes, "line")) if at_start else "") + _styled(text, attributes)
            at_start = text.endswith("\n")


def _prefix(line: Mapping[str, Any]) -> str:
    level = line.get("header")
    if isinstance(level, int) and 1 <= level <= 6:
        return "#" * level + " "
    if line.get("quote"):
        return "> "
    depth = line.get("indentLevel")
    indent = "    " * (min(depth, DEEPEST_LIST) - 1) if isinstance(depth, int) and depth > 0 else ""
    style = line.get("listStyle")
    if style == "checkbox":
        return indent + ("- [x] " if line.get("checked") else "- [ ] ")
    if style == "numbered":
        index = line.get("listIndex")
        return f"{indent}{index if isinstance(index, int) else 1}. "
    return f"{indent}- " if style else ""


def _styled(text: str, attributes: Mapping[str, Any]) -> str:
    """Put the marks of a style around the words, never around the spaces beside them."""
    words = text.strip()
    if not words:
        return text
    styled = words
    link = attributes.get("linkURL")
    styles = {"inlineCode": "`", "strikethrough": "~~", "italic": "*", "bold": "**"}
    for name, mark in styles.items():
        if attributes.get(name) and "\n" not in words:
            styled = f"{mark}{styled}{mark}"
    if isinstance(link, str) and link and "\n" not in words:
        styled = f"[{styled}]({link})"
    start = text.index(words)
    return text[:start] + styled + text[start + len(words) :]
