"""HTML of foreign diaries as Markdown; whatever is no text is left out."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

LINKS: Final = ("http://", "https://", "mailto:")
DEEPEST_LIST: Final = 20
LONGEST: Final = 1_000_000
_TAG: Final = re.compile(r"</?[a-zA-Z]")
# The parser takes the square of the time over signs that begin no tag.
_LONE: Final = re.compile(r"<(?!/?[a-zA-Z][^<>]{0,2000}>)")
_MARKS: Final = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "code": "`"
}  # fmt: skip
_BLOCKS: Final = frozenset((
    "p", "div", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "tr"
))  # fmt: skip
_SILENT: Final = frozenset(("script", "style", "head", "title"))
_LINES: Final = re.compile(r"\n{3,}")


def markdown(html: str) -> str:
    """Return HTML, plain or with its signs as entities, as Markdown; plain text stays as it is."""
    if len(html) > LONGEST:
        return html  # more than an entry may hold; its refusal says so
    if not _TAG.search(html):
        html = unescape(html)
        if not _TAG.search(html):
            return html.strip()
    first, *later = html.split("<!--")
    html = first + "".join(part.partition("-->")[2] for part in later)
    writer = _Writer()
    writer.feed(_LONE.sub("&lt;", html))
    writer.close()
    lines = map(str.rstrip, "".join(writer.parts).split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


class _Writer(HTMLParser):
    """Writes Markdown while reading; wrong nesting does no more than leave marks behind."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._lists: list[int | None] = []
        self._links: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "hr":
            self.parts.append("\n\n---\n\n")
        elif tag == "li":
            self.parts.append(f"\n{self._bullet()}")
        elif tag in _MARKS:
            self.parts.append(_MARKS[tag])
        elif tag == "a":
            target = dict(attrs).get("href") or ""
            self._links.append(target if target.startswith(LINKS) else "")
            self.parts.append("[" if self._links[-1] else "")
        elif tag in _BLOCKS:
            self._open_block(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _MARKS:
            self.parts.append(_MARKS[tag])
        elif tag == "a" and self._links:
            target = self._links.pop()
            self.parts.append(f"]({target})" if target else "")
        elif tag in _BLOCKS:
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            self.parts.append("\n" if self._lists or tag in ("div", "tr") else "\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data.replace("\u00a0", " ") if data.strip() else " " * bool(data))

    def _open_block(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
            return
        if self.parts and not self.parts[-1].endswith("\n") and tag != "p":
            self.parts.append("\n")
        if tag == "blockquote":
            self.parts.append("> ")
        elif tag.startswith("h"):
            self.parts.append("#" * int(tag[1]) + " ")

    def _bullet(self) -> str:
        indent = "    " * min(max(len(self._lists) - 1, 0), DEEPEST_LIST)
        number = self._lists[-1] if self._lists else None
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number + 1}. "
