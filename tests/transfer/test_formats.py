"""Exports for people and other programs: every entry, date, tag and picture is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
import pytest

from journiv.builtin.exports.html import HtmlExporter
from journiv.builtin.exports.markdown import MarkdownExporter
from journiv.contracts.storage import Store
from journiv.contracts.transfer import ExportedEntry, ExportedMedia, Exporter, ImportedMedia
from journiv.domain.clock import SystemClock
from journiv.domain.errors import NotFound
from journiv.domain.scope import UserScope
from journiv.services.transfer.exports import ExportService, Written
from journiv.services.transfer.imports import ImportService, ImportTarget
from journiv.services.transfer.media_intake import UploadIntake
from journiv.services.transfer.selection import Selection
from journiv_import_formats.markdown import MarkdownImporter
from tests.plugins.media_formats.samples import SECRET, photograph
from tests.transfer.media import album
from tests.transfer.test_imported_media import NOWHERE, Albums, entry

AddUser = Callable[[str], Awaitable[UserScope]]
PICTURE = b"\x89PNG and so on"


def medium(name: str = "aa.png", kind: str = "image", **fields: Any) -> ExportedMedia:
    return ExportedMedia(
        name=name, kind=kind, mime="image/png", size=len(PICTURE), sha256="aa",
        chunks=lambda: iter([PICTURE]), **fields,
    )  # fmt: skip


def written(**fields: Any) -> ExportedEntry:
    plain: dict[str, Any] = {
        "ref": "01a20eff-1b97-771f-9047-a2f03693976d", "title": "Leeks", "content": "Two rows.",
        "at": "2026-02-01T23:05:00.000000Z", "zone": "Europe/Lisbon", "day": "2026-02-01",
        "words": 2, "journal": "Garden",
    }  # fmt: skip
    return ExportedEntry(**(plain | fields))


def archive(exporter: Exporter, *entries: ExportedEntry) -> dict[str, bytes]:
    target = io.BytesIO()
    exporter.write(iter(entries), target)
    with zipfile.ZipFile(target) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def front_matter(text: bytes) -> tuple[dict[str, Any], str]:
    """Values above a text, which are JSON, and the text."""
    _, front, body = text.decode().split("---\n", 2)
    pairs = (line.split(": ", 1) for line in front.splitlines())
    return {name: orjson.loads(value) for name, value in pairs}, body


def test_a_markdown_file_has_all_of_an_entry() -> None:
    one = written(
        tags=("leeks", "winter"), mood="Calm", location='Back "yard"', weather="dry",
        latitude=38.7, longitude=-9.1, is_pinned=True, media=(medium(alt_text="a [row]"),),
    )  # fmt: skip
    content = archive(MarkdownExporter(), one)
    assert set(content) == {"Garden/2026-02-01 Leeks.md", "Garden/media/aa.png"}
    assert content["Garden/media/aa.png"] == PICTURE
    front, body = front_matter(content["Garden/2026-02-01 Leeks.md"])
    assert front == {
        "id": one.ref, "title": "Leeks", "date": "2026-02-01T23:05:00+00:00",
        "timezone": "Europe/Lisbon", "journal": "Garden", "tags": ["leeks", "winter"],
        "mood": "Calm", "location": 'Back "yard"', "weather": "dry", "latitude": 38.7,
        "longitude": -9.1, "pinned": True, "generator": "Journiv",
    }  # fmt: skip
    assert body == "Two rows.\n\n![a \\[row\\]](media/aa.png)\n"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("a/b\\c:d*e", "a b c d e"),
        ("CON", "Entry"),
        ("...", "Entry"),
        ("", "Entry"),
        ("\u202egpj.exe", "gpj.exe"),
        ("ß" * 300, "ß" * 80),
    ],
)
def test_titles_become_names_that_every_file_system_takes(title: str, name: str) -> None:
    expected = f"{name.strip()}"
    assert set(archive(MarkdownExporter(), written(title=title, journal=title))) == {
        f"{'Journal' if expected == 'Entry' else expected}/2026-02-01 {expected}.md"
    }


def test_entries_with_one_title_get_files_of_their_own_also_where_case_says_nothing() -> None:
    titles = ("Leeks", "leeks", "Leeks")
    content = archive(MarkdownExporter(), *(written(title=title) for title in titles))
    assert sorted(content) == [
        "Garden/2026-02-01 Leeks (3).md",
        "Garden/2026-02-01 Leeks.md",
        "Garden/2026-02-01 leeks (2).md",
    ]


@pytest.mark.parametrize("exporter", [MarkdownExporter(), HtmlExporter()])
def test_a_picture_of_two_entries_is_written_once(exporter: Exporter) -> None:
    entries = [written(media=(medium(),)), written(title="Beans", media=(medium(),))]
    assert list(archive(exporter, *entries).values()).count(PICTURE) == 1


@pytest.mark.parametrize("exporter", [MarkdownExporter(), HtmlExporter()])
def test_a_picture_whose_bytes_are_gone_spoils_nothing(exporter: Exporter) -> None:
    def gone() -> Iterator[bytes]:
        raise NotFound("gone")
        yield b""

    lost = ExportedMedia(name="x.png", kind="image", mime="", size=1, sha256="", chunks=gone)
    content = archive(exporter, written(media=(lost, medium())))
    assert PICTURE in content.values()
    assert not [name for name in content if name.endswith("x.png")]


class Page(HTMLParser):
    """The elements of a page with what they point to, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_everything_and_asks_for_nothing_else() -> None:
    media = (
        medium("aa.png", alt_text='"a row"'),
        medium("bb.mp4", "video"),
        medium("cc.mp3", "audio"),
        medium("dd.pdf", "document", file_name="<paper>.pdf"),
    )
    one = written(tags=("leeks",), mood="Calm", location="Yard", weather="dry", media=media)
    content = archive(HtmlExporter(), one)
    page = Page(content["index.html"].decode())
    for text in ("Leeks", "Two rows.", "Sunday, 01 February 2026, 23:05", "Garden", "Calm",
                 "Yard", "dry", "#leeks", "<paper>.pdf"):  # fmt: skip
        assert text in page.text
    assert page.links == ["media/aa.png", "media/bb.mp4", "media/cc.mp3", "media/dd.pdf"]
    assert set(page.links) == set(content) - {"index.html"}
    assert {"img", "video", "audio", "a"} <= set(page.tags)


def test_nothing_of_an_entry_becomes_markup() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
    one = written(
        title=evil, content=evil, tags=(evil,), mood=evil, location=evil, journal=evil, ref=evil,
        media=(medium(alt_text=evil, file_name=evil),),
    )  # fmt: skip
    page = Page(archive(HtmlExporter(), one)["index.html"].decode())
    assert "script" not in page.tags
    assert page.tags.count("img") == 1
    assert page.links == ["media/aa.png"]
    assert page.text.count(evil) == 6


@pytest.mark.parametrize("exporter", [MarkdownExporter(), HtmlExporter()])
async def test_an_export_of_the_store_holds_pictures_without_their_notes(
    store: Store, user: UserScope, tmp_path: Path, exporter: Exporter
) -> None:
    original = photograph(tmp_path, "jpg")
    picture = ImportedMedia(name="p.jpg", open=lambda: original.open("rb"))
    async with album(store, tmp_path / "media") as pictures:
        intake = UploadIntake(store, pictures.adding)
        bringing = ImportService(store, SystemClock(), intake)
        target = ImportTarget(zone="Europe/London")
        await bringing.run(user, Albums(entry("a", picture), entry("b")), NOWHERE, target)
        service = ExportService(store, SystemClock(), pictures.files)
        path, bare, none = (tmp_path / name for name in ("all.zip", "bare.zip", "none.zip"))
        assert await service.run(user, exporter, path) == Written(2, 1)
        assert await service.run(user, exporter, bare, with_media=False) == Written(2, 0)
        later = Selection(start_date="2024-03-01")
        assert await service.run(user, exporter, none, selection=later) == Written(0, 0)
        (stored,) = pictures.stored()
        with zipfile.ZipFile(path) as file:
            (name,) = (name for name in file.namelist() if name.endswith(".jpg"))
            assert file.read(name) == stored.read_bytes()
        assert SECRET.encode() not in path.read_bytes()
        with zipfile.ZipFile(bare) as file:
            assert not [name for name in file.namelist() if name.endswith(".jpg")]


async def test_markdown_comes_back_with_every_entry_date_tag_and_picture(
    store: Store, user: UserScope, add_user: AddUser, tmp_path: Path
) -> None:
    original = photograph(tmp_path, "jpg")
    picture = ImportedMedia(name="p.jpg", open=lambda: original.open("rb"), alt_text="a row")
    one = replace(entry("a", picture), tags=("leeks", "winter"), location="Yard", weather="dry")
    two = replace(entry("b"), day="1660-01-01", content="# Not a title\n\nLord's day", title="It's")
    async with album(store, tmp_path / "media") as pictures:
        bringing = ImportService(store, SystemClock(), UploadIntake(store, pictures.adding))
        garden = ImportTarget(zone="Europe/London", title="Garden")
        await bringing.run(user, Albums(one, two), NOWHERE, garden)
        service = ExportService(store, SystemClock(), pictures.files)
        first, second = tmp_path / "a.zip", tmp_path / "b.zip"
        await service.run(user, MarkdownExporter(), first)
        other, elsewhere = await add_user("other@example.com"), ImportTarget(zone="Asia/Tokyo")
        for added in (2, 0):
            report = await bringing.run(other, MarkdownImporter(), first, elsewhere)
            assert (report.added, report.media, report.rejected) == (added, added // 2, ())
        await service.run(other, MarkdownExporter(), second)
        assert described(second) == described(first)


def described(path: Path) -> list[dict[str, Any]]:
    """What the front matter of each entry says but its id, and the digests of the media."""
    with zipfile.ZipFile(path) as file:
        notes = [front_matter(file.read(one))[0] for one in file.namelist() if one.endswith(".md")]
        media = [{"media": file.read(one)} for one in file.namelist() if not one.endswith(".md")]
    for note in notes:
        del note["id"]
    return sorted([*notes, *media], key=repr)
