from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import orjson
import pytest

from journiv.contracts.transfer import Importer
from journiv.domain.errors import BadRequest
from journiv.testing.transfer import ImporterConformance
from journiv_import_formats.daylio import DaylioImporter
from tests.api.pictures import png
from tests.plugins.import_formats.golden import archive

PARIS = 3_600_000
PHOTO = {"assets/photos/2024/2/0c1d": png(2, 2)}


def entry(number: int, **fields: Any) -> dict[str, Any]:
    plain = {
        "id": number, "year": 2024, "month": 1, "day": 29, "hour": 23, "minute": 30,
        "datetime": 1_709_245_800_000 + number, "timeZoneOffset": PARIS, "mood": 1,
        "tags": [], "note_title": "", "note": "", "assets": [],
    }  # fmt: skip
    return {**plain, **fields}


GOOD = [
    entry(1, note="<b>Up</b> betimes<br>and <script>alert(1)</script>to the office",
          note_title="Leap day", tags=[7, 8], assets=[1]),
    entry(2, mood=6),
    entry(3, mood=2, timeZoneOffset=20_700_000, note="1 < 2 & 3 &gt; 2"),
    entry(4, timeZoneOffset=-8 * PARIS, mood=2),
]  # fmt: skip


def backup(*entries: object) -> bytes:
    document = {
        "version": 15,
        "pin": "1234",
        "dayEntries": list(entries),
        "customMoods": [
            {"id": 1, "custom_name": "", "predefined_name_id": 1},
            {"id": 2, "custom_name": "Calm", "predefined_name_id": 2},
            {"id": 6, "custom_name": "wistful", "predefined_name_id": -1},
        ],
        "tags": [{"id": 7, "name": "reading"}, {"id": 8, "name": "friends"}, {"id": "x"}],
        "assets": [{"id": 1, "checksum": "0c1d", "type": 1}, {"id": 2, "checksum": "gone"}],
    }
    return packed(document)


def packed(document: object) -> bytes:
    return base64.encodebytes(orjson.dumps(document))


class TestKit(ImporterConformance):
    @pytest.fixture
    def importer(self) -> Importer:
        return DaylioImporter()

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        return archive(tmp_path / "sample.daylio", {"backup.daylio": backup(*GOOD), **PHOTO})


@pytest.mark.parametrize("content", [b"", b"no base64!", base64.b64encode(b"text"), b"e30"])
def test_a_backup_that_holds_no_entries_is_no_diary(tmp_path: Path, content: bytes) -> None:
    source = archive(tmp_path / "backup.daylio", {"backup.daylio": content})
    with pytest.raises(BadRequest):
        list(DaylioImporter().read(source))
