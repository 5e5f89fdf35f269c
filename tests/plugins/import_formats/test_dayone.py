from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from journiv.contracts.transfer import Importer
from journiv.domain.errors import BadRequest
from journiv.testing.transfer import ImporterConformance
from journiv_import_formats.dayone import DayOneImporter
from tests.api.pictures import png
from tests.plugins.import_formats.golden import archive

RICH = {
    "meta": {"version": 1},
    "contents": [
        {"text": "A day by the sea\n", "attributes": {"line": {"header": 1}}},
        {"text": "We were ", "attributes": {}},
        {"text": "very ", "attributes": {"bold": True}},
        {"text": "late.\n", "attributes": {}},
        {"embeddedObjects": [{"type": "photo", "identifier": "B2"}]},
        {"text": "bread\n", "attributes": {"line": {"listStyle": "bulleted", "indentLevel": 1}}},
        {"text": "milk\n", "attributes": {"line": {"listStyle": "checkbox", "checked": True}}},
        {"text": "he said\n", "attributes": {"line": {"quote": True}}},
    ],
}


def entry(number: int, **fields: Any) -> dict[str, Any]:
    plain = {"uuid": f"{number:032X}", "creationDate": "2024-02-29T22:30:00Z"}
    return {**plain, "timeZone": "Europe/Paris", **fields}


LEAP = entry(
    1,
    text="# Leap\n\nHello\\. 1\\-2 `a\\.b`\n![](dayone-moment://A1)",
    tags=["t", " Two words ", "t"],
    starred=True,
    photos=[{"identifier": "A1", "md5": "aa", "type": "png", "orderInEntry": 0}],
    location={"latitude": 48.85, "longitude": 2.35, "placeName": "Café", "country": "France"},
    weather={"temperatureCelsius": 12.34, "conditionsDescription": "Cloudy"},
)
FURTHER = [
    entry(2, richText=orjson.dumps(RICH).decode(), text="unused", photos=[
        {"identifier": "B2", "md5": "bb"}, {"identifier": "B3", "md5": "aa", "type": "(null)"}
    ]),
    entry(3, audios=[{"identifier": "C1", "md5": "cc", "format": "aac"}],
          videos=[{"identifier": "C2", "md5": "gone", "type": "mov"}]),
]  # fmt: skip
FILES = {"photos/aa.png": png(2, 2), "Photos/bb.png": png(3, 3), "audios/cc.m4a": b"sound"}


def document(*entries: object) -> dict[str, object]:
    return {"metadata": {"version": "1.0"}, "entries": list(entries)}


class TestKit(ImporterConformance):
    @pytest.fixture
    def importer(self) -> Importer:
        return DayOneImporter()

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        members = {"Diary.json": document(LEAP, *FURTHER), **FILES}
        return archive(tmp_path / "sample.zip", members)


def test_another_zip_is_not_taken_for_one(tmp_path: Path) -> None:
    source = archive(tmp_path / "other.zip", {"data.json": {"entries": []}, "a.md": "x"})
    assert not DayOneImporter().recognises(source)
    with pytest.raises(BadRequest):
        list(DayOneImporter().read(source))
