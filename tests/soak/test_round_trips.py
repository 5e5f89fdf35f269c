"""A diary with pictures goes out and comes back: whole by our archive, else with what is said."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from devtools.paths import ROOT
from journiv.builtin.archive import ArchiveExporter, ArchiveImporter
from journiv.builtin.exports.journiv_layout import JournivLayoutExporter
from journiv.builtin.exports.markdown import MarkdownExporter
from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import Exporter, Importer
from journiv.domain.clock import SystemClock
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.transfer.exports import ExportService
from journiv.services.transfer.imports import ImportService, ImportTarget
from journiv.services.transfer.media_intake import AccountMedia, UploadIntake
from journiv.services.transfer.restore import NOTHING, AccountRestore
from journiv.testing.store.people import plant
from journiv.testing.store.rows import account
from journiv_import_formats.journiv_backup import JournivBackupImporter
from journiv_import_formats.markdown import MarkdownImporter
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.store import PostgresStore
from tests.conftest import sqlite_store
from tests.services.postgres import PostgresServer
from tests.transfer.full_diary import JOURNALS, TRAPS, WHOLE, write_diary
from tests.transfer.media import Album, album

EVERY: Final = Page(limit=5000)
STORES: Final = ("sqlite", "postgres")
# What follows from entries, or belongs to a server: everything else must be in the archive.
RESTORED: Final = (
    "settings", "journals", "moments", "tags", "entry_tags", "revisions", "journal_stats",
    "day_stats", "tag_days", "mood_days", "prompt_uses", "streaks",
)  # fmt: skip
SEEN: Final = (
    "title", "content", "entry_date", "entry_datetime_utc", "entry_timezone", "location",
    "weather", "latitude", "longitude", "is_pinned", "word_count",
)  # fmt: skip
SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
Lossy = Callable[[dict[str, Any]], dict[str, Any]]
LOCAL: Final = ("key", "status", "variants", "attempts", "claimed_until", "error")


@asynccontextmanager
async def empty(
    kind: str, postgres: PostgresServer, folder: Path, user_id: str
) -> AsyncIterator[tuple[Store, UserScope, Album]]:
    """A new store with one account, and its pictures."""
    folder.mkdir(mode=0o700)
    url = postgres.new_database() if kind == "postgres" else ""
    opening: Any = (
        PostgresStore(url, url, logging.getLogger("journiv.tests"), Tuning())
        if url
        else sqlite_store(folder / "journiv.db")
    )
    async with opening as store, album(store, folder / "media") as pictures:
        await store.migrate()
        await plant(store)
        await store.write(SYSTEM, lambda tx: tx.users.add(account(user_id)))
        yield store, UserScope(user_id), pictures


async def digests(store: Store) -> dict[str, str]:
    """What `copy-store` compares, of the tables that an archive restores."""
    async with store.copying().snapshot() as snapshot:
        return {table: (await snapshot.digest(table)).sha256 for table in RESTORED}


def media_rows(tx: Transaction) -> list[dict[str, Any]]:
    """Media as they are anywhere: without where this server keeps them and what it made of them."""
    found = tx.holdings.media(NOTHING, 10_000)
    return [{name: value for name, value in one.items() if name not in LOCAL} for one in found]


async def there_and_back(
    kinds: tuple[str, str], postgres: PostgresServer, folder: Path, entries: int
) -> tuple[int, int]:
    """Send a diary by archive to the other store; return how many moments and media came in."""
    user_id = new_id()
    async with empty(kinds[0], postgres, folder / "old", user_id) as (store, me, pictures):
        await write_diary(store, me, pictures, folder, entries)
        path = folder / "diary.zip"
        service = ExportService(store, SystemClock(), pictures.files)
        await service.run(me, ArchiveExporter(), path)
        async with empty(kinds[1], postgres, folder / "new", user_id) as (other, again, others):
            restore = AccountRestore(other, AccountMedia(other, others.adding))
            report = await restore.run(again, ArchiveImporter(), path)
            assert (report.rejected, report.remarks) == ((), ())
            assert await digests(other) == await digests(store)
            before = await store.read(me, media_rows)
            assert await other.read(again, media_rows) == before
            assert len(before) == report.media
            assert contents(others) == contents(pictures)
            assert await other.check() == []
    return report.added, report.media


def contents(pictures: Album) -> list[bytes]:
    return sorted(path.read_bytes() for path in pictures.stored())


@pytest.fixture
def days(soak_rounds: int) -> int:
    """How many days of the diary: sixty in `./dev test`, all of them in `./dev soak`."""
    return 60 if soak_rounds < 10 else WHOLE


@pytest.mark.parametrize("kinds", [STORES, STORES[::-1]], ids="-to-".join)
async def test_EXP_1_an_archive_brings_a_diary_to_the_other_store_with_the_same_hash(
    kinds: tuple[str, str], postgres: PostgresServer, tmp_path: Path, days: int
) -> None:
    moments, media = await there_and_back(kinds, postgres, tmp_path, days)
    print(f"{moments} moments and {media} media went from {kinds[0]} to {kinds[1]}")
    assert moments == days + len(TRAPS) + 2
    assert media > 15


def described(tx: Transaction, ids: list[str]) -> list[dict[str, Any]]:
    """What a person sees of each entry, with the digests of its media's bytes."""
    titles = {one["id"]: one["title"] for one in tx.journals.all(include_archived=True)}
    return [_described(tx, titles, entry_id) for entry_id in ids]


def _described(tx: Transaction, titles: dict[str, str], entry_id: str) -> dict[str, Any]:
    found, log = tx.entries.get(entry_id), tx.mood_logs.get(entry_id)
    assert found is not None
    media = tx.media.of_entry(entry_id)
    return {
        **{name: value for name, value in found.items() if name in SEEN},
        "journal": titles[found["journal_id"]],
        "tags": sorted(tag["name"] for tag in tx.tags.of_entry(entry_id)),
        "mood": log["mood"]["name"] if log else None,
        "note": log["note"] if log else None,
        "media": [(one["sha256"], one["mime"], one["width"], one["alt_text"]) for one in media],
        "files": [one["file_name"] for one in media],
    }


async def sent_by(
    exporter: Exporter, importer: Importer, postgres: PostgresServer, folder: Path, entries: int
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Send a diary by a format to the other store; return each entry before and after."""
    user_id = new_id()
    async with empty("sqlite", postgres, folder / "old", user_id) as (store, me, pictures):
        await write_diary(store, me, pictures, folder, entries)
        path = folder / "diary.zip"
        await ExportService(store, SystemClock(), pictures.files).run(me, exporter, path)
        ids = [one["id"] for one in await store.read(me, lambda tx: tx.entries.page(EVERY))]
        before = await store.read(me, lambda tx: described(tx, ids), long=True)
    async with empty("postgres", postgres, folder / "new", user_id) as (store, me, pictures):
        bringing = ImportService(store, SystemClock(), UploadIntake(store, pictures.adding))
        target = ImportTarget(zone="Asia/Tokyo", title="Nothing comes here")
        report = await bringing.run(me, importer, path, target)
        assert (report.rejected, report.unknown_moods) == ((), ())
        assert (report.added, report.media) == (len(ids), sum(len(one["media"]) for one in before))
        here = await store.read(me, lambda tx: tx.entries.imported(importer.format, ids))
        now = [here[entry_id] for entry_id in ids]
        after = await store.read(me, lambda tx: described(tx, now), long=True)
        await store.read(me, _has_nothing_else)
    return list(zip(before, after, strict=True))


def _has_nothing_else(tx: Transaction) -> None:
    """What the pages of both formats call lost: no draft, no trash, no mood alone, no journal."""
    assert tx.entries.drafts(EVERY) == tx.trash.page(EVERY) == []
    assert tx.holdings.revisions((NOTHING, 0), 10) == []
    assert [one for one in tx.holdings.moments(NOTHING, 5000) if one["status"] != "entry"] == []
    journals = tx.journals.all(include_archived=True)
    assert sorted(one["title"] for one in journals) == sorted(["Pepys", *JOURNALS])
    assert {one["description"] for one in journals} == {None}
    assert "unused" not in [tag["name"] for tag in tx.tags.page(100, 0)]


def as_markdown(entry: dict[str, Any]) -> dict[str, Any]:
    names = [digest + SUFFIXES[mime] for digest, mime, *_ in entry["media"]]
    return {**entry, "note": None, "files": names}


def as_layout(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "note": None, "content": entry["content"].strip()}


MARKDOWN: Final = (MarkdownExporter(), MarkdownImporter(), as_markdown)
LAYOUT: Final = (JournivLayoutExporter(), JournivBackupImporter(), as_layout)


@pytest.mark.parametrize("way", [MARKDOWN, LAYOUT], ids=["markdown", "journiv-backup"])
async def test_every_entry_comes_back_but_for_what_its_format_is_said_to_lose(
    way: tuple[Exporter, Importer, Lossy], postgres: PostgresServer, tmp_path: Path, days: int
) -> None:
    exporter, importer, lossy = way
    pairs = await sent_by(exporter, importer, postgres, tmp_path, days)
    print(f"{len(pairs)} entries came back, {sum(len(one['media']) for one, _ in pairs)} media")
    for before, after in pairs:
        assert after == lossy(before)


@pytest.mark.parametrize(
    ("page", "phrases"),
    [
        ("markdown", ("names of media",)),
        ("journiv-1.0", ("spaces and empty lines around a text",)),
    ],
)
def test_the_page_of_a_format_says_what_it_loses(page: str, phrases: tuple[str, ...]) -> None:
    text = (ROOT / "docs" / "formats" / f"{page}.md").read_text().lower()
    lost = text.partition("## what is lost")[2]
    always = ("drafts", "the trash", "earlier texts", "moods without an entry", "tags of no entry",
              "notes on moods", "journals without entries", "the preferences")  # fmt: skip
    assert [phrase for phrase in (*always, *phrases) if phrase not in lost] == []
