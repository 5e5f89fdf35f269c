"""Markdown of note programs: embedded files, links between notes, tags within the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

_CODE: Final = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
_EMBED: Final = re.compile(
    r"!\[\[([^\[\]|\n#]{1,300})(?:#[^\[\]|\n]{0,300})?(?:\|([^\[\]\n]{0,300}))?\]\]"
)
_IMAGE: Final = re.compile(
    r"!\[([^\[\]\n]{0,500})\]\(<?([^()>\n\"']{1,500})>?(?:[\"'][^\n\"']{0,300}[\"'])?\)"
)
# What is no picture, on a line of its own: a recording, as Journiv exports it.
_FILE: Final = re.compile(
    r"^\[([^\[\]\n]{0,500})\]\(<?([^()>\n\"']{1,500})>?\)[ \t]*$", re.MULTILINE
)
# Media as Journiv writes them below a text.
_WRITTEN: Final = re.compile(
    r"\n!?\[((?:[^\[\]\\\n]|\\.){0,1000})\]\((media/[0-9a-f]{64}\.[0-9a-z]{1,5})\)\n"
)
_ESCAPED: Final = re.compile(r"\\([\[\]\\])")
_LINK: Final = re.compile(r"(?<!!)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\]")
_TAG: Final = re.compile(r"(?<![\w/#&(])#([\w/-]*[^\W\d][\w/-]*)")
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_LINES: Final = re.compile(r"\n(?:[ \t]*\n){2,}")
_BLANK: Final = re.compile(r"^[ \t]+$", re.MULTILINE)
_SIZE: Final = re.compile(r"\d+(?:x\d+)?\Z")

Attach = Callable[[str, str], bool]


def plain(text: str, attach: Attach) -> tuple[str, list[str]]:
    """Return text without embedded files and double brackets, and the tags within it.

    `attach(path, alternative text)` is asked for each embedded file in its order and says whether
    it takes it; what it does not take stays as it is. Code is left alone.
    """

    def embedded(found: re.Match[str]) -> str:
        alt = found[2] or ""
        taken = attach(found[1].strip(), "" if _SIZE.match(alt) else alt)
        return "" if taken else alt or found[1]

    def image(found: re.Match[str]) -> str:
        path = unquote(found[2].strip())
        is_file = not _SCHEME.match(path)
        return "" if is_file and attach(path, found[1]) else found[0]

    tags: list[str] = []
    parts = _CODE.split(text)
    for place in range(0, len(parts), 2):
        part = _BLANK.sub(
            "", _FILE.sub(image, _IMAGE.sub(image, _EMBED.sub(embedded, parts[place])))
        )
        parts[place] = _LINK.sub(lambda found: found[2] or found[1], part)
        tags += _tags(parts[place])
    return _LINES.sub("\n\n", "".join(parts)).strip(), tags


def as_written(text: str, attach: Attach) -> str:
    """Return a text as it was before Journiv exported it: only the media below it are taken."""
    end, media = len(text), []
    for found in reversed(list(_WRITTEN.finditer(text))):
        if found.end() != end:
            break
        end = found.start()
        media.append((found[2], _ESCAPED.sub(r"\1", found[1])))
    for path, alt in reversed(media):
        attach(path, alt)
    return text[:end].removesuffix("\n")


def inline_tags(text: str) -> list[str]:
    """Return the tags within a text, none of those in code."""
    return [tag for part in _CODE.split(text)[::2] for tag in _tags(part)]


def _tags(text: str) -> list[str]:
    return [found[1].strip("/-") for found in _TAG.finditer(text)]
