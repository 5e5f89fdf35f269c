"""Importers and exporters with one fault each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, ClassVar

import pytest

from journiv.builtin.ndjson import NdjsonExporter, NdjsonImporter
from journiv.contracts.transfer import ExportedEntry, ImportedEntry, Rejected
from journiv.domain.errors import BadRequest
from journiv.domain.ids import new_id
from journiv.testing.transfer import ExporterConformance, ImporterConformance
from tests.conformance.test_transfers import LINES


class FaultyImporter(ImporterConformance):
    """The importer of `builtin`, or one made from it."""

    kit: ClassVar = "importer"
    caught_by: ClassVar[tuple[str, ...]]
    made: ClassVar[type[NdjsonImporter]]

    @pytest.fixture
    def importer(self) -> NdjsonImporter:
        return self.made()

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        file = tmp_path / "diary.ndjson"
        file.write_text(LINES)
        return file


class Miscounting(NdjsonImporter):
    def count(self, source: Path) -> int:
        return len(source.read_bytes().splitlines())


class TestCountsEmptyLines(FaultyImporter):
    """Counting and reading do not agree."""

    made = Miscounting
    caught_by = ("test_counting_agrees_with_reading",)


class Inventing(NdjsonImporter):
    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        for one in super().read(source):
            yield replace(one, ref=new_id()) if isinstance(one, ImportedEntry) else one


class TestInventsReferences(FaultyImporter):
    """References are made up anew each time, so that a second import doubles the diary."""

    made = Inventing
    caught_by = ("test_reading_again_brings_the_same",)


class Fragile(NdjsonImporter):
    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        try:
            yield from super().read(source)
        except BadRequest as error:
            raise ValueError("broken") from error
        for one in super().read(source):
            if isinstance(one, Rejected):
                raise ValueError(one.reason)


class TestBreaksOnNoise(FaultyImporter):
    """What cannot be read is an error of Python."""

    made = Fragile
    caught_by = (
        "test_a_hostile_file_is_refused_in_a_sentence[noise]",
        "test_a_file_that_is_not_there_is_refused",
    )


class Guessing(NdjsonImporter):
    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        for one in super().read(source):
            if isinstance(one, Rejected):
                day = {"day": "2026-01-01", "wall_time": "12:00", "zone": None, "at": None}
                fields: dict[str, Any] = {"where": one.where, "ref": one.where, "title": "?"}
                yield ImportedEntry(**fields, content=one.reason, **day)
            else:
                yield one


class TestGuesses(FaultyImporter):
    """What cannot be read becomes an entry."""

    made = Guessing
    caught_by = (
        "test_a_hostile_file_is_refused_in_a_sentence[text]",
        "test_a_file_cut_off_anywhere_brings_what_is_whole",
    )


class FaultyExporter(ExporterConformance):
    """The exporter of `builtin`, or one made from it."""

    kit: ClassVar = "exporter"
    caught_by: ClassVar[tuple[str, ...]]
    made: ClassVar[type[NdjsonExporter]]

    @pytest.fixture
    def exporter(self) -> NdjsonExporter:
        return self.made()

    @pytest.fixture
    def importer(self) -> NdjsonImporter:
        return NdjsonImporter()


class Collecting(NdjsonExporter):
    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        super().write(iter(list(entries)), target)


class TestCollectsFirst(FaultyExporter):
    """All entries are in memory before the first is written."""

    made = Collecting
    caught_by = ("test_entries_are_written_as_they_come",)


class Closing(NdjsonExporter):
    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        super().write(entries, target)
        target.close()


class TestClosesTheTarget(FaultyExporter):
    """What it was given to write to is closed."""

    made = Closing
    caught_by = ("test_the_target_is_left_open",)


class Quiet(NdjsonExporter):
    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        try:
            super().write(entries, target)
        except OSError:
            return


class TestHidesFailures(FaultyExporter):
    """An export that broke off looks finished."""

    made = Quiet
    caught_by = ("test_a_failure_on_the_way_is_passed_on",)


class Losing(NdjsonExporter):
    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        super().write(
            (replace(one, content=one.content.strip()[:65_536]) for one in entries), target
        )


class TestCutsTexts(FaultyExporter):
    """Long texts are cut."""

    made = Losing
    caught_by = ("test_what_is_written_can_be_read_back",)


class Stamping(NdjsonExporter):
    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        super().write((replace(one, ref=new_id()) for one in entries), target)


class TestNamesEntriesAnew(FaultyExporter):
    """Each export names the entries otherwise."""

    made = Stamping
    caught_by = ("test_the_same_entries_make_the_same_bytes",)
