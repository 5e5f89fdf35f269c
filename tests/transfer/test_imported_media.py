"""Pictures of imported entries: attached like uploads, once, and taken back with their entries."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from journiv.contracts.storage import Store
from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Importer, Rejected
from journiv.domain.clock import SystemClock
from journiv.domain.errors import BadRequest
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.transfer.imports import ImportReport, ImportService, ImportTarget
from journiv.services.transfer.media_intake import UploadIntake
from journiv.services.transfer.unfinished_media import NAMESPACE
from tests.api.pictures import png
from tests.plugins.media_formats.samples import SECRET, photograph
from tests.transfer.media import Album, album, media_of

NOWHERE = Path("nowhere")
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
Record = ImportedEntry | Rejected
Bring = Callable[..., Awaitable[ImportReport]]


class Albums(Importer):
    """Entries with pictures which, as in a ZIP file, can be read only while they are at hand."""

    format = "albums"
    summary = "What a test has at hand"

    def __init__(self, *records: ImportedEntry) -> None:
        self.records = records
        self.at_hand: str | None = None

    def read(self, source: Path) -> Iterator[Record]:
        for record in self.records:
            self.at_hand = record.ref
            yield replace(
                record, media=tuple(self._guarded(record.ref, one) for one in record.media)
            )
        self.at_hand = None

    def count(self, source: Path) -> int:
        return len(self.records)

    def _guarded(self, ref: str, media: ImportedMedia) -> ImportedMedia:
        def opened() -> IO[bytes]:
            assert self.at_hand == ref, "was read too late"
            return media.open()

        return replace(media, open=opened)


def picture(data: bytes, name: str = "row.png", alt_text: str | None = None) -> ImportedMedia:
    return ImportedMedia(name=name, open=lambda: io.BytesIO(data), alt_text=alt_text)


def entry(ref: str, *media: ImportedMedia) -> ImportedEntry:
    return ImportedEntry(
        where=ref, ref=ref, title="T", content="one two", day="2024-02-29", media=media
    )


@pytest.fixture
async def pictures(store: Store, tmp_path: Path) -> AsyncIterator[Album]:
    async with album(store, tmp_path / "media") as opened:
        yield opened


@pytest.fixture
async def bring(store: Store, user: UserScope, pictures: Album) -> Bring:
    service = ImportService(store, SystemClock(), UploadIntake(store, pictures.adding))
    target = ImportTarget(zone="Europe/London")

    async def run(*records: ImportedEntry, dry_run: bool = False) -> ImportReport:
        return await service.run(user, Albums(*records), NOWHERE, target, dry_run=dry_run)

    return run


async def ids(store: Store, user: UserScope) -> dict[str, str]:
    refs = ["a", "b", "c"]
    return dict(await store.read(user, lambda tx: tx.entries.imported("albums", refs)))


async def test_pictures_come_in_with_their_entries(
    store: Store, user: UserScope, pictures: Album, bring: Bring
) -> None:
    report = await bring(
        entry("a", picture(png(seed=1), alt_text="a row"), picture(png(seed=2), "two.png")),
        entry("b"),
        entry("c", picture(png(seed=3))),
    )
    assert (report.added, report.media, report.remarks) == (3, 3, ())
    here = await ids(store, user)
    first, second = await media_of(store, user, here["a"])
    assert (first["file_name"], first["alt_text"], first["mime"]) == (
        "row.png",
        "a row",
        "image/png",
    )
    assert (second["file_name"], second["width"], second["height"]) == ("two.png", 8, 6)
    assert await media_of(store, user, here["b"]) == []
    assert len(pictures.stored()) == 3


async def test_IMP_7_a_second_run_adds_no_picture(
    store: Store, user: UserScope, pictures: Album, bring: Bring
) -> None:
    records = entry("a", picture(png(seed=1))), entry("b", picture(png(seed=2)))
    for added, media in (2, 2), (0, 0), (0, 0):
        report = await bring(*records)
        assert (report.added, report.media, report.remarks) == (added, media, ())
    assert len(pictures.stored()) == 2


async def test_a_run_that_was_cut_off_before_the_pictures_gets_them_in_the_next(
    store: Store, user: UserScope, pictures: Album, bring: Bring
) -> None:
    def dies() -> IO[bytes]:
        raise ZeroDivisionError

    cut_off = entry("b", picture(png(seed=1)), ImportedMedia(name="y.png", open=dies))
    with pytest.raises(ZeroDivisionError):
        await bring(entry("a", picture(png())), cut_off, entry("c", picture(png(seed=3))))
    both = picture(png(seed=1)), picture(png(seed=2))
    report = await bring(
        entry("a", picture(png())), entry("b", *both), entry("c", picture(png(seed=3)))
    )
    assert (report.added, report.known, report.media) == (1, 2, 2)
    here = await ids(store, user)
    assert [len(await media_of(store, user, here[ref])) for ref in "abc"] == [1, 2, 1]
    assert await store.read(SYSTEM, lambda tx: tx.kv.items(NAMESPACE, "", "2026")) == []


async def test_a_picture_that_was_taken_away_does_not_come_back(
    store: Store, user: UserScope, pictures: Album, bring: Bring
) -> None:
    records = entry("a", picture(png()), picture(png(seed=2))), entry("b", picture(png(seed=3)))
    await bring(*records)
    for ref, entry_id in (await ids(store, user)).items():
        medium = (await media_of(store, user, entry_id))[0]
        assert await store.write(user, lambda tx, one=medium: tx.media.delete(one["id"])), ref
    report = await bring(*records, entry("c", picture(png(seed=4))))
    assert (report.added, report.known, report.media) == (1, 2, 1)
    here = await ids(store, user)
    assert [len(await media_of(store, user, here[ref])) for ref in "abc"] == [1, 0, 1]


async def test_what_was_exported_from_here_is_known_without_its_notes(
    store: Store, user: UserScope, pictures: Album, bring: Bring, tmp_path: Path
) -> None:
    original = photograph(tmp_path, "jpg").read_bytes()
    await bring(entry("a", picture(original, "p.jpg")))
    (stored,) = pictures.stored()
    served = stored.read_bytes()
    assert served != original
    assert SECRET.encode() not in served
    report = await bring(entry("a", picture(served, "p.jpg")))
    assert (report.media, report.remarks) == (0, ())
    assert pictures.stored() == [stored]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (HTML, "page.html"),
        (HTML, "row.png"),
        (SVG, "row.svg"),
        (png(), "row.html"),
        (png()[:40], "row.png"),
        (b"", "row.png"),
    ],
    ids=["html", "html as png", "svg", "png as html", "cut off", "empty"],
)
async def test_IMP_4_what_uploads_refuse_is_left_out_and_told(
    store: Store, user: UserScope, pictures: Album, bring: Bring, data: bytes, name: str
) -> None:
    report = await bring(entry("a", picture(data, name), picture(png(), "good.png")), entry("b"))
    assert (report.added, report.media, report.rejected) == (2, 1, ())
    (remark,) = report.remarks
    assert remark.startswith(f"a: '{name}' was left out: ")
    here = await ids(store, user)
    (kept,) = await media_of(store, user, here["a"])
    assert kept["file_name"] == "good.png"
    assert len(pictures.stored()) == 1


async def test_pictures_that_cannot_be_read_are_told(
    store: Store, user: UserScope, pictures: Album, bring: Bring
) -> None:
    def damaged() -> IO[bytes]:
        raise BadRequest("Invalid ZIP file: a member is damaged")

    def missing() -> IO[bytes]:
        raise FileNotFoundError(2, "No such file or directory")

    report = await bring(
        entry("a", ImportedMedia(name="x.png", open=damaged)),
        entry("b", ImportedMedia(name="y.png", open=missing)),
    )
    assert report.added == 2
    assert report.remarks == (
        "a: 'x.png' was left out: Invalid ZIP file: a member is damaged",
        "b: 'y.png' was left out: It cannot be read: No such file or directory.",
    )
    assert pictures.stored() == []


async def test_entries_in_the_trash_get_no_pictures(
    store: Store, user: UserScope, pictures: Album, bring: Bring
) -> None:
    await bring(entry("a"))
    here = await ids(store, user)
    await store.write(user, lambda tx: tx.trash.put(here["a"], "2026-01-01T12:00:00.000000Z"))
    report = await bring(entry("a", picture(png())))
    assert (report.known, report.media, report.remarks) == (1, 0, ())
    assert pictures.stored() == []


async def test_a_dry_run_reads_no_picture(
    store: Store, user: UserScope, pictures: Album, bring: Bring
) -> None:
    report = await bring(entry("a", picture(b"")), dry_run=True)
    assert (report.added, report.media, report.remarks) == (1, 0, ())
    assert pictures.stored() == []
