"""Diaries of other programs, through the server: what people see of them afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.transfers import ended, imported
from tests.plugins.import_formats import test_daylio as daylio
from tests.plugins.import_formats import test_daylio_csv as daylio_csv
from tests.plugins.import_formats import test_dayone as dayone
from tests.plugins.import_formats import test_journiv_backup as journiv
from tests.plugins.import_formats import test_markdown as markdown
from tests.plugins.import_formats.golden import archive
from tests.plugins.import_formats.sources import SOURCES, Source


def journiv_backup(path: Path) -> Path:
    journals = [journiv.journal("Garden", *journiv.ENTRIES), journiv.journal("Sea", key="j2")]
    data = journiv.document(journals, [*journiv.MOMENTS, *journiv.TRAPS])
    return archive(path, {"data.json": data, **journiv.FILES})


def dayone_export(path: Path) -> Path:
    entries = dayone.document(dayone.LEAP, *dayone.FURTHER, *dayone.TRAPS)
    return archive(path, {"Diary.json": entries, **dayone.FILES})


def daylio_backup(path: Path) -> Path:
    data = daylio.backup(*daylio.GOOD, *daylio.TRAPS)
    return archive(path, {"backup.daylio": data, **daylio.PHOTO})


def daylio_table(path: Path) -> Path:
    text = daylio_csv.HEADER + daylio_csv.GOOD + daylio_csv.TRAPS
    path.write_text(text, "utf-8", newline="")
    return path


def markdown_folder(path: Path) -> Path:
    return archive(path, {**markdown.GOOD, **markdown.TRAPS, **markdown.FILES})


@dataclass(frozen=True, slots=True)
class Case:
    """A file, what it is asked for by, and what comes of it."""

    source_type: str
    name: str
    write: Callable[[Path], Path]
    entries: int
    rejected: int
    media: int
    journals: set[str]


CASES = [
    Case("journiv", "backup.zip", journiv_backup, 8, 2, 2, {"Garden", "Sea", "Imported"}),
    Case("dayone", "export.zip", dayone_export, 7, 2, 4, {"Diary"}),
    Case("daylio", "backup.daylio", daylio_backup, 6, 3, 2, {"Daylio"}),
    Case("daylio", "daylio.csv", daylio_table, 4, 6, 0, {"Daylio"}),
    Case("markdown", "vault.zip", markdown_folder, 6, 3, 2,
         {"Diary", "Imported", "Private", "Work"}),
]  # fmt: skip


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.write.__name__)
@pytest.mark.parametrize("asked", ["by name", "auto"])
async def test_a_diary_comes_in_once(me: ApiClient, tmp_path: Path, case: Case, asked: str) -> None:
    content = case.write(tmp_path / "source").read_bytes()
    source_type = case.source_type if asked == "by name" else "auto"
    options = {"source_type": source_type, "name": case.name}
    dry = await imported(me, content, dry_run="true", **options)
    assert (dry["status"], dry["result_data"]["entries_created"]) == ("completed", case.entries)
    assert (await me.get("/entries/")).json == []

    job = await imported(me, content, **options)
    result = job["result_data"]
    assert (job["status"], result["entries_created"]) == ("completed", case.entries), job
    assert (result["entries_skipped"], result["media_files_imported"]) == (
        case.rejected,
        case.media,
    ), job
    assert {one["title"] for one in (await me.get("/journals/")).json} == case.journals

    again = await imported(me, content, **options)
    assert again["result_data"]["entries_created"] == 0
    assert again["result_data"]["media_files_imported"] == 0
    assert len((await me.get("/entries/")).json) == case.entries


@pytest.mark.parametrize("source", SOURCES, ids=str)
async def test_a_source_comes_in_once_and_can_be_taken_back(
    me: ApiClient, tmp_path: Path, source: Source
) -> None:
    content = source.write(tmp_path / "source").read_bytes()
    expected = source.expected()
    rejected = sum("rejected" in one for one in expected)
    name = f"export{source.suffix}"
    dry = await imported(me, content, source_type="auto", name=name, dry_run="true")
    assert dry["result_data"]["entries_created"] == len(expected) - rejected, dry
    assert (await me.get("/entries/")).json == []

    job = await imported(me, content, source_type=source.source_type, name=name)
    result = job["result_data"]
    assert result["entries_created"] == len(expected) - rejected, job
    assert (len(job["errors"]), result["media_files_imported"]) == (rejected, source.media), job
    journals = {one["title"] for one in (await me.get("/journals/")).json}
    assert journals == set(source.journals)

    again = await imported(me, content, source_type=source.source_type, name=name)
    result = again["result_data"]
    assert (result["entries_created"], result["media_files_imported"]) == (0, 0)

    undo = (await me.post(f"/import/{job['id']}/undo")).json
    undone = await ended(me, f"/import/{undo['id']}")
    assert undone["result_data"]["entries_removed"] == len(expected) - rejected, undone
    assert (await me.get("/entries/")).json == []
    assert (await me.get("/journals/")).json == []
    assert (await me.get("/tags/")).json == []
