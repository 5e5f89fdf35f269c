from __future__ import annotations

from pathlib import Path

import pytest

from journiv.contracts.transfer import Importer
from journiv.domain.errors import BadRequest
from journiv.testing.transfer import ImporterConformance
from journiv_import_formats.front_matter import split
from journiv_import_formats.markdown import MarkdownImporter
from tests.api.pictures import png
from tests.plugins.import_formats.golden import archive, shown

GOOD = {
    "Vault/Diary/2024/2024-02-29.md": (
        "---\ntitle: 'Leap: day'\ndate: 2024-02-29 23:30\ntimezone: Europe/Paris\n"
        'tags:\n  - one\n  - "two words"\nmood: Calm\nlocation: Paris # home\npinned: true\n---\n'
        "# Another\n\n![[Row.png|200]] ![the sea](../../files/sea%20side.png)\n"
        "See [[Other note|that]] and [[2024-03-01#Up]] #sea/side, not `#code` nor [x](#anchor).\n"
    ),
    "Vault/2024-03-01 22-15.md": "# Up betimes\n\nTo the office. ![](https://x.org/a.png) #5 #a5",
    "Vault/Work/Meeting 20240302.md": (
        "---\ntags: [a, 'b, c']\ndate: 2024-03-02T08:00:00+01:00\n---\r\n> [!note] Callout\n- [ ] x"
    ),
    "Vault/Work/note.md": "---\ncreated: 2024-03-03\ntags: a, b\njournal: Private\n---\n![[a|b]]",
}
FILES = {"Vault/attachments/row.png": png(2, 2), "Vault/files/sea side.png": png(3, 3)}


class TestKit(ImporterConformance):
    @pytest.fixture
    def importer(self) -> Importer:
        return MarkdownImporter()

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        return archive(tmp_path / "sample.zip", {**GOOD, **FILES})


def test_a_zip_without_notes_is_refused(tmp_path: Path) -> None:
    source = archive(tmp_path / "other.zip", FILES)
    assert not MarkdownImporter().recognises(source)
    with pytest.raises(BadRequest):
        list(MarkdownImporter().read(source))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("a: b", ["b"]),
        ('a: "b: \\"c\\""', ['b: "c"']),
        ("a: 'it''s'", ["it's"]),
        ("a: [x, 'y', ]", ["x", "y"]),
        ("a: ['x, y', \"z\"]", ["x, y", "z"]),
        ("a: {b: c}", []),
        ("a: null", []),
        ("a: b # comment", ["b"]),
        ("a: #tag", ["#tag"]),
        ("A: b:c", ["b:c"]),
    ],
)
def test_front_matter_is_read(line: str, value: list[str]) -> None:
    assert split(f"---\n{line}\n---\nbody") == ({"a": value}, "body")


def test_a_rule_in_a_text_is_no_front_matter() -> None:
    assert split("text\n---\na: b\n---\n") == ({}, "text\n---\na: b\n---\n")


def test_a_note_as_journiv_exports_it_comes_back(tmp_path: Path) -> None:
    note = (
        '---\nid: "01a20eff-1b97-771f-9047-a2f03693976d"\ntitle: "Leeks"\n'
        'date: "2026-02-01T18:05:00+00:00"\ntimezone: "Europe/Lisbon"\ntags: ["leeks", "a, b"]\n'
        "latitude: 38.7\nlongitude: -9.1\npinned: true\n---\nSowed.\n\n"
        "![the row](media/3f2a.png)\n\n[a sound](media/4a.mp3)\n"
    )
    files = {"Garden/media/3f2a.png": png(2, 2), "Garden/media/4a.mp3": b"sound"}
    source = archive(tmp_path / "e.zip", {"Garden/2026-02-01 Leeks.md": note, **files})
    (record,) = shown(MarkdownImporter(), source)
    assert record["ref"] == "01a20eff-1b97-771f-9047-a2f03693976d"
    assert (record["at"], record["zone"]) == ("2026-02-01T18:05:00.000000Z", "Europe/Lisbon")
    assert (record["content"], record["tags"]) == ("Sowed.", ["leeks", "a, b"])
    assert (record["latitude"], record["longitude"]) == (38.7, -9.1)
    assert [one["name"] for one in record["media"]] == ["3f2a.png", "4a.mp3"]
