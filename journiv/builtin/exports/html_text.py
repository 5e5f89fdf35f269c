"""The text of an entry as HTML that runs nothing and loads nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TITLE_LEVEL: Final = 2
_SAFE: Final = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


class TextRenderer(MarkdownIt):
    """Renders what the app shows: CommonMark with tables and struck text, each line by itself.

    HTML in a text is shown as it was typed. Links lead to http, https and mail alone; a picture
    that a text asks of somewhere becomes a link, so that the page asks nothing of any server.
    """

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "breaks": True})
        self.enable(["table", "strikethrough"])
        self.core.ruler.push("below the title", _lower_headings)
        self.add_render_rule("image", _link_to_picture)

    def validateLink(self, url: str) -> bool:  # noqa: N802 # markdown-it's name
        """Say whether a link may be one; else it stays text."""
        return _SAFE.match(url) is not None


def _lower_headings(state: StateCore) -> None:
    """Put the headings of a text below the title of its entry."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + TITLE_LEVEL)}"


def _link_to_picture(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    address = str(token.attrs.get("src", ""))
    label = renderer.renderInlineAsText(token.children, options, env) or address
    is_linked = sum(one.nesting for one in tokens[:index] if one.type.startswith("link_")) > 0
    return escape(label) if is_linked else f'<a href="{escape(address)}">{escape(label)}</a>'
