"""Kits for importers and exporters."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest

from journiv.contracts.transfer import (
    ExportedEntry,
    Exporter,
    ImportedEntry,
    Importer,
    Rejected,
)
from journiv.domain.clock import parse_day, parse_instant, parse_wall_time, zone
from journiv.domain.errors import BadRequest

Record = ImportedEntry | Rejected
ENTRIES = (
    ExportedEntry(
        ref="01890a5d-ac96-774b-bcce-b302099a8057",
        title="Up betimes",
        content="To the office.\n\nAnd so *to bed*.",
        at="2026-03-15T11:00:00.000000Z",
        zone="Europe/London",
        day="2026-03-15",
        words=7,
        tags=("office", "sleep"),
        mood="calm",
        location="London",
        weather="fair",
        is_pinned=True,
    ),
    ExportedEntry(
        ref="01890a5d-ac96-774b-bcce-b302099a8058",
        title='"Quoted", <b>&amp;</b>',
        content="\U0001f600 Ünïcödé مرحبا 日本語\ttab\\\n---\n# not a title\n{}[],;'\"\r\nend",
        at="1900-01-01T00:00:00.000001Z",
        zone="UTC",
        day="1900-01-01",
        words=12,
    ),
    ExportedEntry(
        ref="01890a5d-ac96-774b-bcce-b302099a8059",
        title="",
        content="x " * 100_000 + "end",
        at="2100-12-31T23:59:59.999999Z",
        zone="Asia/Kathmandu",
        day="2101-01-01",
        words=100_001,
    ),
)
HOSTILE = {
    "nothing": b"",
    "a NUL": b"\0",
    "noise": bytes(range(256)) * 64,
    "text": b"Dear diary,\nnothing here is a record.\n",
    "half a letter": b'{"ref": "\xc3',
    "brackets": b"[" * 200_000,
    "braces": b'{"a":' * 50_000,
    "gzip of nothing": b"\x1f\x8b\x08\0\0\0\0\0\0\0\0",
    "an empty zip": b"PK\x05\x06" + b"\0" * 18,
    "a long line": b"x" * 2_000_000,
}


class ImporterConformance:
    """Subclass it and override `importer` and `sample`."""

    @pytest.fixture
    def importer(self) -> Importer:
        """The importer under test."""
        raise NotImplementedError("override the fixture `importer`")

    @pytest.fixture
    def sample(self) -> Path:
        """A file of the format with at least three good records and none that is bad."""
        raise NotImplementedError("override the fixture `sample`")

    def test_it_says_what_it_reads(self, importer: Importer) -> None:
        assert importer.format == importer.format.lower().strip() != ""
        assert importer.summary

    def test_the_sample_is_read_whole(self, importer: Importer, sample: Path) -> None:
        entries = list(importer.read(sample))
        assert len(entries) >= 3
        for entry in entries:
            expect_valid(entry)
            assert isinstance(entry, ImportedEntry), entry

    def test_counting_agrees_with_reading(self, importer: Importer, sample: Path) -> None:
        assert importer.count(sample) == len(list(importer.read(sample)))

    def test_reading_again_brings_the_same(self, importer: Importer, sample: Path) -> None:
        first, second = list(importer.read(sample)), list(importer.read(sample))
        assert first == second
        refs = [entry.ref for entry in first if isinstance(entry, ImportedEntry)]
        assert len(set(refs)) == len(refs), "a reference stands for one record only"

    def test_a_file_of_another_name_brings_the_same(
        self, importer: Importer, sample: Path, tmp_path: Path
    ) -> None:
        copy = tmp_path / f"a copy of it{sample.suffix}"
        copy.write_bytes(sample.read_bytes())
        assert list(importer.read(copy)) == list(importer.read(sample))

    def test_the_file_stays_as_it_is(self, importer: Importer, sample: Path) -> None:
        before = sample.read_bytes()
        list(importer.read(sample))
        importer.count(sample)
        assert sample.read_bytes() == before

    def test_reading_can_end_early(self, importer: Importer, sample: Path) -> None:
        records = iter(importer.read(sample))
        expect_valid(next(records))
        close = getattr(records, "close", None)
        assert close is not None, "`read` is a generator, so that what is open can be closed"
        close()

    @pytest.mark.parametrize("name", HOSTILE)
    def test_a_hostile_file_is_refused_in_a_sentence(
        self, importer: Importer, tmp_path: Path, name: str
    ) -> None:
        file = tmp_path / "hostile"
        file.write_bytes(HOSTILE[name])
        for record in survived(importer, file):
            assert isinstance(record, Rejected), f"{name} was read as an entry"

    def test_a_file_cut_off_anywhere_brings_what_is_whole(
        self, importer: Importer, sample: Path, tmp_path: Path
    ) -> None:
        whole = sample.read_bytes()
        known = list(importer.read(sample))
        cut = tmp_path / f"cut{sample.suffix}"
        for size in range(0, len(whole), max(len(whole) // 40, 1)):
            cut.write_bytes(whole[:size])
            for record in survived(importer, cut):
                assert isinstance(record, Rejected) or record in known, record

    def test_a_file_that_is_not_there_is_refused(self, importer: Importer, tmp_path: Path) -> None:
        with pytest.raises(BadRequest):
            list(importer.read(tmp_path / "missing"))

    def test_a_folder_is_refused(self, importer: Importer, tmp_path: Path) -> None:
        with pytest.raises(BadRequest):
            list(importer.read(tmp_path))


class ExporterConformance:
    """Subclass it and override `exporter`, and `importer` where something reads the format."""

    @pytest.fixture
    def exporter(self) -> Exporter:
        """The exporter under test."""
        raise NotImplementedError("override the fixture `exporter`")

    @pytest.fixture
    def importer(self) -> Importer | None:
        """The importer of the same format, if there is one."""
        return None

    def test_it_says_what_it_writes(self, exporter: Exporter) -> None:
        assert exporter.format == exporter.format.lower().strip() != ""
        assert exporter.summary

    def test_what_is_written_can_be_read_back(
        self, exporter: Exporter, importer: Importer | None, tmp_path: Path
    ) -> None:
        written = exported(exporter, iter(ENTRIES))
        assert written
        if importer is None:
            return
        file = tmp_path / "exported"
        file.write_bytes(written)
        for entry, back in zip(ENTRIES, importer.read(file), strict=True):
            assert isinstance(back, ImportedEntry), back
            for field in ("ref", "title", "content", "at", "zone", "location", "weather"):
                assert getattr(back, field) == getattr(entry, field), field
            assert sorted(back.tags) == sorted(entry.tags)
            assert (back.mood, back.is_pinned) == (entry.mood, entry.is_pinned)

    def test_the_same_entries_make_the_same_bytes(self, exporter: Exporter) -> None:
        assert exported(exporter, iter(ENTRIES)) == exported(exporter, iter(ENTRIES))

    def test_an_empty_diary_can_be_written(
        self, exporter: Exporter, importer: Importer | None, tmp_path: Path
    ) -> None:
        file = tmp_path / "exported"
        file.write_bytes(exported(exporter, iter(())))
        if importer is not None:
            assert list(importer.read(file)) == []

    def test_entries_are_written_as_they_come(self, exporter: Exporter) -> None:
        target = io.BytesIO()

        def many() -> Iterator[ExportedEntry]:
            for number in range(40):
                assert number < 20 or target.tell(), "nothing was written of 20 long entries"
                yield ENTRIES[2]

        exporter.write(many(), target)

    def test_the_target_is_left_open(self, exporter: Exporter) -> None:
        target = io.BytesIO()
        exporter.write(iter(ENTRIES[:1]), target)
        assert not target.closed

    def test_a_failure_on_the_way_is_passed_on(self, exporter: Exporter) -> None:
        def broken() -> Iterator[ExportedEntry]:
            yield ENTRIES[0]
            raise ConnectionResetError("gone")

        with pytest.raises(ConnectionResetError):
            exporter.write(broken(), io.BytesIO())


def exported(exporter: Exporter, entries: Iterator[ExportedEntry]) -> bytes:
    """Return what an exporter writes."""
    target: IO[bytes] = io.BytesIO()
    exporter.write(entries, target)
    target.seek(0)
    return target.read()


def survived(importer: Importer, file: Path) -> Iterator[Record]:
    """Yield the records of a file that may be refused as a whole, in a sentence."""
    try:
        for record in importer.read(file):
            expect_valid(record)
            yield record
    except BadRequest:
        pass
    with suppress(BadRequest):
        assert importer.count(file) >= 0


def expect_valid(record: Record) -> None:
    """Fail when a record is not what the contract says."""
    assert record.where, record
    if isinstance(record, Rejected):
        assert record.reason, record
        return
    assert record.ref, record
    if record.at is None:
        assert record.day is not None, record
        assert parse_day(record.day) is not None, record
        assert parse_wall_time(record.wall_time) is not None, record
    else:
        assert parse_instant(record.at) == record.at, record
    assert record.zone is None or zone(record.zone) is not None, record
