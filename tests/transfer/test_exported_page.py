"""The page to read and print: Markdown is shown as it is meant, and nothing else gets in."""

from __future__ import annotations

import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest

from journiv.builtin.exports.html import HtmlExporter
from journiv.contracts.transfer import ExportedEntry, ExportedMedia
from tests.api.pictures import png
from tests.transfer.hostile_markup import HOST, MARKUP

ELEMENTS: Final = re.compile(
    "html|head|meta|title|style|body|article|h[2-6]|p|div|a|br|em|strong|s|code|pre|blockquote|"
    "ul|ol|li|hr|table|thead|tbody|tr|th|td|figure|img"
)
ATTRIBUTES: Final = re.compile(
    "lang|charset|http-equiv|content|name|id|class|href|src|alt|loading|title|style|start"
)
VOID: Final = frozenset(("meta", "br", "hr", "img"))


def entry(content: str, **fields: Any) -> ExportedEntry:
    plain: dict[str, Any] = {
        "ref": "01a20eff-1b97-771f-9047-a2f03693976d", "title": "T", "content": content,
        "at": "2026-02-01T23:05:00.000000Z", "zone": "Europe/Lisbon", "day": "2026-02-01",
        "words": 2, "journal": "Garden",
    }  # fmt: skip
    return ExportedEntry(**(plain | fields))


def medium(**fields: Any) -> ExportedMedia:
    picture = png()
    return ExportedMedia(
        name="aa.png", kind="image", mime="image/png", size=len(picture), sha256="aa",
        chunks=lambda: iter([picture]), **fields,
    )  # fmt: skip


def exported(folder: Path, *entries: ExportedEntry) -> Path:
    """Write an export, unpack it, and return the page."""
    with (folder / "page.zip").open("wb") as target:
        HtmlExporter().write(iter(entries), target)
    with zipfile.ZipFile(folder / "page.zip") as archive:
        archive.extractall(folder)
    return folder / "index.html"


def hostile() -> list[ExportedEntry]:
    """One entry for each attempt, which is in every one of its fields."""
    return [
        entry(
            text,
            title=text,
            journal=text,
            mood=text,
            location=text,
            weather=text,
            tags=(text,),
            media=(medium(alt_text=text, file_name=text),),
        )
        for text in MARKUP
    ]


class Strict(HTMLParser):
    """A page whose every element and attribute is one of those that belong there, and closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert ELEMENTS.fullmatch(tag), tag
        assert all(ATTRIBUTES.fullmatch(name) for name, _ in attrs), attrs
        assert tag != "a" or "a" not in self.open
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def values(self, tag: str, name: str) -> set[str]:
        return {value for one, field, value in self.attributes if (one, field) == (tag, name)}


def test_no_attempt_becomes_markup_a_link_to_code_or_a_load(tmp_path: Path) -> None:
    assert len(MARKUP) > 50
    page = Strict(exported(tmp_path, *hostile()).read_text())
    assert page.values("img", "src") == {"media/aa.png"}
    for address in page.values("a", "href"):
        assert re.match(r"https?://|mailto:", address), address
    styles = {value for _, name, value in page.attributes if name == "style"}
    assert styles <= {"text-align:left", "text-align:right", "text-align:center"}


def test_HTML_in_a_text_is_shown_as_it_was_typed(tmp_path: Path) -> None:
    class Text(HTMLParser):
        found = ""

        def handle_data(self, data: str) -> None:
            self.found += data

    text = Text()
    text.feed(exported(tmp_path, entry("a <b>bold</b> & <script>word()</script>")).read_text())
    assert "a <b>bold</b> & <script>word()</script>" in text.found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo", "<p>one<br />\ntwo</p>"),
        ("*a* **b** ~~c~~ `d`", "<em>a</em> <strong>b</strong> <s>c</s> <code>d</code>"),
        ("# Up", "<h3>Up</h3>"),
        ("###### Down", "<h6>Down</h6>"),
        ("- a\n- b", "<li>a</li>"),
        ("> said", "<blockquote>"),
        ("| a |\n|---|\n| b |", "<td>b</td>"),
        ("[x](https://a.example/?b&c)", '<a href="https://a.example/?b&amp;c">x</a>'),
        (f"![a row]({HOST}/x.png)", f'<a href="{HOST}/x.png">a row</a>'),
        (f"[![a]({HOST}/x.png)](https://b.example)", '<a href="https://b.example">a</a>'),
        ("[x](javascript:hit())", "[x](javascript:hit())"),
    ],
)
def test_Markdown_is_shown_as_it_is_meant(tmp_path: Path, text: str, shown: str) -> None:
    assert shown in exported(tmp_path, entry(text)).read_text()


def test_the_page_forbids_what_it_does_not_need(tmp_path: Path) -> None:
    page = Strict(exported(tmp_path, entry("x")).read_text())
    (policy,) = (value for value in page.values("meta", "content") if "default-src" in value)
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("text", ["[" * 50_000, "![](" * 20_000, "*a" * 50_000, "> " * 50_000])
def test_a_text_of_one_pattern_is_written_in_good_time(tmp_path: Path, text: str) -> None:
    """None is timed: what takes time in the square of a text is ended by the runner."""
    assert "</html>" in exported(tmp_path, entry(text)).read_text()


def test_what_renders_keeps_no_text_from_one_entry_for_the_next(tmp_path: Path) -> None:
    page = exported(tmp_path, entry("[x]: http://a.example"), entry("[x]")).read_text()
    assert "a.example" not in page
