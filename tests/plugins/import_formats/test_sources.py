"""Every format, from sources that people can read to what was written down by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from journiv.contracts.transfer import ImportedEntry, Importer, Rejected
from journiv.testing.transfer import ImporterConformance, survived
from journiv_import_formats import journiv_register_importers
from journiv_import_formats.jrnl_text import JrnlTextImporter
from tests.plugins.import_formats.golden import EMPTY
from tests.plugins.import_formats.sources import SOURCES, Source

HANDED = ("zone", "tags", "mood", "mood_score", "location", "weather", "latitude", "longitude",
          "is_pinned", "journal", "remarks")  # fmt: skip


def shown(record: ImportedEntry | Rejected, members: dict[str, bytes]) -> dict[str, Any]:
    """A record as expected.json has it: what is not empty, media by the members they are."""
    if isinstance(record, Rejected):
        return {"where": record.where, "rejected": record.reason}
    clock = {"at": record.at} if record.at else {"day": record.day, "wall_time": record.wall_time}
    media = [_medium(one.name, one.alt_text, one.open().read(), members) for one in record.media]
    values: dict[str, Any] = {
        "where": record.where, "ref": record.ref, "title": record.title,
        "content": record.content, **clock,
        **{name: getattr(record, name) for name in HANDED}, "media": media,
    }  # fmt: skip
    found = {name: value for name, value in values.items() if value not in (*EMPTY, [])}
    return {name: list(one) if isinstance(one, tuple) else one for name, one in found.items()}


def _medium(
    name: str, alt_text: str | None, content: bytes, members: dict[str, bytes]
) -> dict[str, str]:
    (member,) = (one for one, bytes_of in members.items() if bytes_of == content)
    return {"name": name, "member": member, **({"alt_text": alt_text} if alt_text else {})}


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_a_source_becomes_what_was_written_down_by_hand(source: Source, tmp_path: Path) -> None:
    file = source.write(tmp_path / f"source{source.suffix}")
    members = source.members()
    records = [shown(record, members) for record in source.importer.read(file)]
    for record, expected in zip(records, source.expected(), strict=True):
        if "ref" not in expected:  # where the format has none, it is a digest
            assert len(record.pop("ref", "")) == (0 if "rejected" in expected else 64)
        assert record == expected


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_a_source_is_recognised_by_its_own_importer_only(source: Source, tmp_path: Path) -> None:
    file = source.write(tmp_path / "source")
    fitting = [one for one in journiv_register_importers() if source.suffix in one.suffixes]
    found = [type(one) for one in fitting if one.recognises(file)]
    assert found[0] is type(source.importer)


WITH_KIT = [source for source in SOURCES if source.kit]


@pytest.mark.parametrize("source", WITH_KIT, ids=str)
class TestKit(ImporterConformance):
    @pytest.fixture
    def importer(self, source: Source) -> Importer:
        return source.importer

    @pytest.fixture
    def sample(self, source: Source, tmp_path: Path) -> Path:
        return source.write(tmp_path / f"sample{source.suffix}", source.clean())


class TestKitOfText(ImporterConformance):
    @pytest.fixture
    def importer(self) -> Importer:
        return JrnlTextImporter()

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        entries = (
            "[2024-02-29 23:30] Leap *\nUp.\n\n",
            "[2024-03-01 08:00] One\n",
            "[2024-03-02 9:00 AM] Two\nx\n",
        )
        path = tmp_path / "sample.txt"
        path.write_text("".join(entries))
        return path

    def test_a_file_cut_off_anywhere_brings_what_is_whole(
        self, importer: Importer, sample: Path, tmp_path: Path
    ) -> None:
        """Nothing says where the last text of such a file ends; what is above it is whole."""
        whole, known = sample.read_bytes(), list(importer.read(sample))
        cut = tmp_path / "cut.txt"
        for size in range(len(whole)):
            cut.write_bytes(whole[:size])
            *above, _ = [None, *survived(importer, cut)]
            assert all(record is None or record in known for record in above)
