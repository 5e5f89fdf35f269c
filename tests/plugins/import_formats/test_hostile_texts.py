"""Texts made to be slow: an importer takes time in proportion to what it reads, never its square.

Each of these would take hours if a pattern tried again from every sign. None is timed here: a test
that hangs is ended by the runner.
"""

from __future__ import annotations

import pytest

from journiv_import_formats import dayone_text, html_text, markdown_text
from journiv_import_formats.front_matter import split

COUNT = 300_000
PATTERNS = [
    "![", "![[", "\n![", "\n[\\a", "[[", "![](", "# a ", " ", "#1", "`", "\\", "<a ", "<", "</b",
    "<!--", "&#", "\n ", "<b>", "\n\t", '![](a "', "![a](dayone-moment:/",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_text_of_one_pattern_is_read_in_good_time(pattern: str) -> None:
    text = "# x" + pattern * (COUNT // len(pattern)) + "x"
    markdown_text.plain(text, lambda path, alt: False)
    markdown_text.as_written(text, lambda path, alt: False)
    dayone_text.written({"text": text})
    html_text.markdown("<p>" + text)
    split("---\na" + text + "\nb: " + text + "\n---\n")
