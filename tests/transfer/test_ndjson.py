from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from journiv.builtin.ndjson import LONGEST_LINE, NdjsonExporter, NdjsonImporter
from journiv.contracts.transfer import ExportedEntry, ImportedEntry, Rejected
from journiv.domain.errors import BadRequest

DiaryFile = Callable[..., Path]
GOOD = {"ref": "a", "date": "1660-01-11", "title": "First", "text": "Up betimes."}


def read(path: Path) -> list[ImportedEntry | Rejected]:
    found = list(NdjsonImporter().read(path))
    assert NdjsonImporter().count(path) == len(found)
    return found


def test_every_field_is_read(diary_file: DiaryFile) -> None:
    path = diary_file({
        **GOOD, "time": "07:30", "zone": "Europe/London", "tags": ["office"], "mood": "Calm",
        "location": "Seething Lane", "weather": "Frost", "pinned": True, "unknown": [1],
    })  # fmt: skip
    assert read(path) == [
        ImportedEntry(
            where="line 1", ref="a", title="First", content="Up betimes.", day="1660-01-11",
            wall_time="07:30", zone="Europe/London", tags=("office",), mood="Calm",
            location="Seething Lane", weather="Frost", is_pinned=True,
        )
    ]  # fmt: skip


def test_an_instant_wins_over_a_day(diary_file: DiaryFile) -> None:
    (entry,) = read(diary_file({**GOOD, "at": "1660-01-11T13:00:00+01:00"}))
    assert isinstance(entry, ImportedEntry)
    assert (entry.at, entry.day) == ("1660-01-11T12:00:00.000000Z", None)


def test_empty_lines_and_a_byte_order_mark_do_not_matter(diary_file: DiaryFile) -> None:
    path = diary_file(b"\xef\xbb\xbf" + b'{"ref":"a","date":"2024-02-29","text":"x"}', "", "  ")
    (entry,) = read(path)
    assert isinstance(entry, ImportedEntry)
    assert entry.title == ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        ("[" * 5000, "is not JSON"),
        ('{"ref": "a", "text": "\\ud800"}', "is not JSON"),
        ("[1]", "is not a JSON object"),
        ({**GOOD, "text": None}, "has no text in 'text'"),
        ({**GOOD, "text": " \n"}, "has nothing in 'text'"),
        ({**GOOD, "text": 5}, "has no text in 'text'"),
        ({**GOOD, "ref": ""}, "has nothing in 'ref'"),
        ({**GOOD, "title": ["x"]}, "has no text in 'title'"),
        ({**GOOD, "date": "1660-02-30"}, "has no day of the calendar in 'date'"),
        ({**GOOD, "date": "2024-1-1"}, "has no day of the calendar in 'date'"),
        ({**GOOD, "at": "10000-01-01T00:00:00Z"}, "has no instant in 'at'"),
        ({**GOOD, "time": "24:00"}, "has no time of day in 'time'"),
        ({**GOOD, "zone": "Mars/Olympus"}, "names a time zone in 'zone' that does not exist"),
        ({**GOOD, "zone": "../etc/passwd"}, "names a time zone in 'zone' that does not exist"),
        ({**GOOD, "tags": "x"}, "has something else than a list of texts in 'tags'"),
        ({**GOOD, "tags": [1]}, "has something else than a list of texts in 'tags'"),
    ],
)
def test_a_wrong_line_is_named_and_the_others_come_in(
    diary_file: DiaryFile, line: dict[str, object] | str | bytes, reason: str
) -> None:
    first, wrong, last = read(diary_file(GOOD, line, GOOD))
    assert wrong == Rejected(where="line 2", reason=reason)
    assert isinstance(first, ImportedEntry)
    assert isinstance(last, ImportedEntry)


def test_a_line_without_end_is_refused_and_skipped(diary_file: DiaryFile) -> None:
    path = diary_file(GOOD, b'{"text":"' + b"x" * (2 * LONGEST_LINE) + b'"}', GOOD)
    first, wrong, last = read(path)
    assert wrong == Rejected(where="line 2", reason="is longer than 16 MiB")
    assert isinstance(first, ImportedEntry)
    assert isinstance(last, ImportedEntry)


def test_what_stands_before_the_cut_of_a_gzip_file_comes_in(tmp_path: Path) -> None:
    lines = [f'{{"ref":"{n}","date":"2024-02-29","text":"{n * 7919}"}}\n' for n in range(2000)]
    packed = gzip.compress("".join(lines).encode())
    path = tmp_path / "diary.ndjson.gz"
    path.write_bytes(packed[: len(packed) // 2])
    *entries, end = read(path)
    assert 0 < len(entries) < 2000
    assert isinstance(end, Rejected)
    assert end.where == f"line {len(entries) + 1}"
    assert "damaged or cut off" in end.reason


@pytest.mark.parametrize("content", [b"\x1f\x8bno gzip at all", b"\x1f\x8b", b"\x1f\x8b\x08"])
def test_a_file_that_only_begins_like_gzip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(content)
    with pytest.raises(BadRequest, match=r"x\.gz is not a readable gzip file"):
        list(NdjsonImporter().read(path))


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="No such file"):
        NdjsonImporter().count(tmp_path / "missing")
    with pytest.raises(BadRequest, match="Is a directory"):
        NdjsonImporter().count(tmp_path)


def test_what_is_exported_reads_back_the_same(tmp_path: Path) -> None:
    entry = ExportedEntry(
        ref="a", title="Té", content="Line\n“two”", at="1660-01-11T12:01:15.000000Z",
        zone="Europe/London", day="1660-01-11", words=2, tags=("office", "plague"), mood="Calm",
        location="Seething Lane", weather="Frost", is_pinned=True,
    )  # fmt: skip
    target = io.BytesIO()
    NdjsonExporter().write(iter([entry]), target)
    path = tmp_path / "out.ndjson"
    path.write_bytes(target.getvalue())
    (back,) = read(path)
    assert back == ImportedEntry(
        where="line 1", ref=entry.ref, title=entry.title, content=entry.content, at=entry.at,
        zone=entry.zone, tags=entry.tags, mood=entry.mood, location=entry.location,
        weather=entry.weather, is_pinned=True,
    )  # fmt: skip
