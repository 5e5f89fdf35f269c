"""IMP-1: names in a manifest that lead out of the archive open nothing and bring nothing in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from journiv.contracts.transfer import ImportedEntry, Importer
from journiv_import_formats.daylio import DaylioImporter
from journiv_import_formats.dayone import DayOneImporter
from journiv_import_formats.journiv_backup import JournivBackupImporter
from journiv_import_formats.markdown import MarkdownImporter
from tests.plugins.import_formats import test_daylio, test_dayone
from tests.plugins.import_formats.golden import archive

ELSEWHERE = (
    "/etc/passwd",
    "../../../../../../etc/passwd",
    "media/../../../../../../etc/passwd",
    "/proc/self/environ",
    "/proc/self/fd/0",
    "/dev/zero",
    "/dev/stdin",
    "file:///etc/passwd",
    "~/.ssh/id_ed25519",
    "C:\\Windows\\win.ini",
    "..\\..\\etc\\passwd",
    "\\\\host\\share\\file",
    "link/passwd",
)
Members = Callable[[str], dict[str, object]]


def journiv(name: str) -> dict[str, object]:
    media = [{"file_path": name, "filename": name}, {"file_path": None, "filename": name}]
    entry = {"title": "T", "content": "x", "entry_datetime_utc": "2024-02-29T12:00:00Z"}
    journal = {"title": "J", "entries": [{**entry, "media": media}]}
    return {"data.json": {"export_version": "1.0", "journals": [journal]}}


def dayone(name: str) -> dict[str, object]:
    photos = [{"identifier": name, "md5": name, "type": name}]
    entry = test_dayone.entry(1, text=f"![](dayone-moment://{name})", photos=photos)
    return {"Diary.json": test_dayone.document(entry)}


def daylio(name: str) -> dict[str, object]:
    document: Any = {"version": 15, "dayEntries": [test_daylio.entry(1, assets=[1])]}
    document["assets"] = [{"id": 1, "checksum": name, "type": 1}]
    return {"backup.daylio": test_daylio.packed(document)}


def markdown(name: str) -> dict[str, object]:
    return {"2024-02-29.md": f"![[{name}]]\n![a]({name})\n\n[b]({name})\n"}


WAYS: dict[str, tuple[Importer, Members, str]] = {
    "journiv": (JournivBackupImporter(), journiv, "a.zip"),
    "dayone": (DayOneImporter(), dayone, "a.zip"),
    "daylio": (DaylioImporter(), daylio, "a.daylio"),
    "markdown": (MarkdownImporter(), markdown, "a.zip"),
}


@pytest.fixture(scope="module")
def opened() -> Iterator[list[str]]:
    """Every path that this process opens from now on; a hook of audits can only be silenced."""
    paths: list[str] = []
    silent: list[bool] = []

    def hear(event: str, details: tuple[Any, ...]) -> None:
        if event == "open" and not silent:
            paths.append(str(details[0]))

    sys.addaudithook(hear)
    yield paths
    silent.append(True)


@pytest.mark.parametrize("way", WAYS)
def test_IMP_1_a_name_that_leads_elsewhere_opens_nothing(
    way: str, tmp_path: Path, opened: list[str]
) -> None:
    importer, members, name = WAYS[way]
    for number, elsewhere in enumerate(ELSEWHERE):
        source = archive(tmp_path / f"{number}-{name}", members(elsewhere))
        (record,) = importer.read(source)
        assert isinstance(record, ImportedEntry)
        assert record.media == ()
    assert any(path.endswith(name) for path in opened)
    assert [path for path in opened if path.startswith(("/etc/pass", "/proc/self", "/dev/"))] == []
