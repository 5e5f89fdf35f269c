from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from journiv.contracts.transfer import Importer
from journiv.testing.transfer import ImporterConformance
from journiv_import_formats.journiv_backup import JournivBackupImporter
from tests.api.pictures import png
from tests.plugins.import_formats.golden import archive

ROW = "0b6c/91aa_row.png"
FILES = {f"media/{ROW}": png(2, 2)}
MEDIUM = {"filename": "row.png", "file_path": ROW, "alt_text": "the row", "caption": "the row"}


def old(number: int, **fields: Any) -> dict[str, Any]:
    plain = {
        "title": f"Leeks {number}", "content": "Sowed two rows.", "entry_date": "2026-02-01",
        "entry_datetime_utc": "2026-02-01T23:05:00", "entry_timezone": "Europe/Lisbon",
        "is_pinned": False, "location": "Back yard", "weather": "dry", "latitude": None,
        "longitude": None, "tags": ["leeks", "winter"], "mood_log": {"mood_name": "Calm"},
        "media": [], "external_id": None,
    }  # fmt: skip
    return {**plain, **fields}


def moment(number: int, **fields: Any) -> dict[str, Any]:
    entry = {
        "external_id": f"e{number}", "title": "Up", "content_delta": DELTA, "is_draft": False,
        "content_plain_text": "unused", "journal_external_id": "j2",
    }  # fmt: skip
    plain = {
        "external_id": f"m{number}", "logged_at_utc": "2026-03-29T00:30:00Z", "entry": entry,
        "logged_timezone": "Europe/Lisbon", "primary_mood_name": "Happy", "tags": ["a"],
    }  # fmt: skip
    return {**plain, **fields}


DELTA = {
    "ops": [
        {"insert": "Plans"},
        {"insert": "\n", "attributes": {"header": 2}},
        {"insert": "to be "},
        {"insert": "bold ", "attributes": {"bold": True}},
        {"insert": "and free\n"},
        {"insert": {"image": "media/1"}},
        {"insert": "done"},
        {"insert": "\n", "attributes": {"list": "checked"}},
        {"insert": "x = 1"},
        {"insert": "\n", "attributes": {"code-block": True}},
        {"insert": "link", "attributes": {"link": "https://example.org"}},
        {"insert": "\n"},
    ]
}
ENTRIES = [
    old(1, media=[MEDIUM], is_pinned=True),
    old(2, title=None, latitude=38.7, longitude=-9.1),
    old(3, external_id="kept"),
]
MOMENTS = [
    moment(1, note="A note", mood_activity=[{"mood_name": "Calm", "activity_name": "garden"}],
           location_json={"name": "Home", "country": "Portugal"}, weather_summary="12.3°C, Cloudy",
           media=[MEDIUM]),
    moment(2, entry=None, note="Only a note", people_external_ids=["p"], prompt_text="Why?"),
    moment(3, logged_at_utc=None, logged_at="2026-03-29T00:30:00"),
]  # fmt: skip


def document(journals: list[Any], moments: list[Any]) -> dict[str, Any]:
    return {"export_version": "1.5", "user_email": "ana@example.com", "moments": moments,
            "journals": journals}  # fmt: skip


def journal(title: str, *entries: Any, key: str | None = None) -> dict[str, Any]:
    return {"title": title, "color": None, "entries": list(entries), "external_id": key}


class TestKit(ImporterConformance):
    @pytest.fixture
    def importer(self) -> Importer:
        return JournivBackupImporter()

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        data = document([journal("Garden", *ENTRIES)], MOMENTS)
        return archive(tmp_path / "sample.zip", {"data.json": data, **FILES})


def test_the_name_that_the_documentation_gives_is_read_too(tmp_path: Path) -> None:
    source = archive(tmp_path / "b.zip", {"journiv.json": document([], MOMENTS[:1])})
    assert JournivBackupImporter().count(source) == 1
