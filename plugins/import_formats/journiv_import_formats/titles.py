"""Titles that stand in the text itself, as programs without titles have them."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 60
_HEADING: Final = re.compile(r"#{1,6}[ \t]+(\S[^\n]*)(?:\n|\Z)")
_MARKS: Final = re.compile(r"[*_`~]|==")


def headed(body: str) -> tuple[str, str]:
    """Return the title that a heading above a text gives it, and the text below.

    Of a long heading the beginning becomes the title, and the text keeps all of it.
    """
    heading = _HEADING.match(body)
    if heading is None:
        return "", body
    title = _MARKS.sub("", heading[1]).strip(" #")
    if len(title) > LONGEST:
        return title[:LONGEST].rstrip(), body
    return title, body[heading.end() :].strip()
