from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store
from journiv.contracts.transfer import ImportedEntry, Importer, Rejected
from journiv.domain.clock import SystemClock
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.transfer.imports import BATCH, ImportReport, ImportService, ImportTarget

AddUser = Callable[[str], Awaitable[UserScope]]
NOON = "2026-01-01T12:00:00.000000Z"
NOWHERE = Path("nowhere")
Record = ImportedEntry | Rejected


class ListImporter(Importer):
    format = "list"
    summary = "What a test has at hand"

    def __init__(self, *records: Record) -> None:
        self.records = records

    def read(self, source: Path) -> Iterator[Record]:
        yield from self.records

    def count(self, source: Path) -> int:
        return len(self.records)


class BrokenImporter(ListImporter):
    def read(self, source: Path) -> Iterator[Record]:
        yield from self.records
        raise OSError("unplugged")


def record(ref: str, /, **fields: object) -> ImportedEntry:
    plain = ImportedEntry(where=ref, ref=ref, title="T", content="one two", day="2024-02-29")
    return replace(plain, **fields)


@pytest.fixture
def service(store: Store) -> ImportService:
    return ImportService(store, SystemClock())


@pytest.fixture
async def target(service: ImportService, user: UserScope) -> ImportTarget:
    return ImportTarget(journal_id=await service.journal(user, "Diary"), zone="Europe/London")


async def refused(
    service: ImportService, user: UserScope, target: ImportTarget, wrong: ImportedEntry
) -> str:
    importer = ListImporter(record("before"), wrong, record("after"))
    report = await service.run(user, importer, NOWHERE, target)
    assert (report.read, report.added) == (3, 2)
    (rejected,) = report.rejected
    assert rejected.where == wrong.where
    return rejected.reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"content": "a\0b"}, "holds a NUL or a lone surrogate"),
        ({"tags": ("a\0",)}, "holds a NUL or a lone surrogate"),
        ({"title": "\ud800"}, "holds a NUL or a lone surrogate"),
        ({"content": "x" * 1_000_001}, "has a text longer than 1,000,000 characters"),
        ({"title": "x" * 301}, "has a title longer than 300 characters"),
        ({"location": "x" * 201}, "has a location longer than 200 characters"),
        ({"weather": "x" * 101}, "has a weather longer than 100 characters"),
        ({"tags": ("x" * 101,)}, "has a tag longer than 100 characters"),
        ({"tags": tuple(map(str, range(51)))}, "has more than 50 tags"),
        ({"day": "0001-01-01"}, "lies outside the years 1 to 9998"),
        ({"day": "9999-12-31"}, "lies outside the years 1 to 9998"),
        ({"ref": "before"}, "has a 'ref' that stands earlier in the file"),
    ],
)
async def test_what_cannot_be_stored_is_named_and_the_rest_comes_in(
    service: ImportService,
    user: UserScope,
    target: ImportTarget,
    fields: dict[str, object],
    reason: str,
) -> None:
    wrong = record("wrong", **fields)
    assert await refused(service, user, target, wrong) == reason


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+11", "Europe/London"])
@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-03", "9998-12-29", "9999-12-31"])
async def test_the_first_and_the_last_days_never_break_an_import(
    service: ImportService, user: UserScope, target: ImportTarget, day: str, zone: str
) -> None:
    importer = ListImporter(record("edge", day=day, zone=zone))
    report = await service.run(user, importer, NOWHERE, target)
    assert report.added + len(report.rejected) == 1
    assert report.added == (1 if day in ("0001-01-03", "9998-12-29") else 0)


async def test_entries_get_their_noon_their_day_and_what_belongs_to_them(
    service: ImportService, store: Store, user: UserScope, target: ImportTarget
) -> None:
    importer = ListImporter(
        record("noon", day="1660-01-11", title=" "),
        record(
            "own", at="2024-02-29T23:30:00.000000Z", day=None, zone="Asia/Tokyo",
            tags=(" Office ", "office", "PLAGUE"), mood="calm", location="Deptford",
            is_pinned=True,
        ),
    )  # fmt: skip
    await service.run(user, importer, NOWHERE, target)
    own, noon = await store.read(user, lambda tx: tx.entries.page(Page()))
    assert noon["title"] == "1660-01-11"
    assert noon["entry_datetime_utc"] == "1660-01-11T12:01:15.000000Z"
    assert (noon["entry_date"], noon["entry_timezone"]) == ("1660-01-11", "Europe/London")
    assert (own["entry_date"], own["entry_timezone"]) == ("2024-03-01", "Asia/Tokyo")
    assert own["is_pinned"]
    assert own["location"] == "Deptford"
    tags = await store.read(user, lambda tx: tx.tags.of_entry(own["id"]))
    assert [(tag["name"], tag["usage_count"]) for tag in tags] == [("office", 1), ("plague", 1)]
    assert await store.read(user, lambda tx: tx.insights.verify()) == []


async def test_a_mood_of_the_catalogue_is_kept_and_another_is_told(
    service: ImportService, store: Store, user: UserScope, target: ImportTarget
) -> None:
    importer = ListImporter(record("a", mood="Elated beyond words"))
    report = await service.run(user, importer, NOWHERE, target)
    assert report.added == 1
    assert report.unknown_moods == ("Elated beyond words",)


async def test_a_report_holds_nothing_that_a_terminal_obeys_or_no_store_can_keep(
    service: ImportService, user: UserScope, target: ImportTarget
) -> None:
    importer = ListImporter(
        record("a", where="a\x1b[31m.md", mood="\x1b]0;x\x07", remarks=("zone \ud800",)),
        Rejected(where="b\x9b", reason="is no \udcff"),
    )
    report = await service.run(user, importer, NOWHERE, target)
    assert report.unknown_moods == ("\ufffd]0;x\ufffd",)
    assert report.remarks == ("a\ufffd[31m.md: zone \ufffd",)
    assert report.rejected == (Rejected(where="b\ufffd", reason="is no \ufffd"),)


async def test_a_second_run_adds_nothing_even_what_is_in_the_trash(
    service: ImportService, store: Store, user: UserScope, target: ImportTarget
) -> None:
    importer = ListImporter(record("a"), record("b"))
    first = await service.run(user, importer, NOWHERE, target)
    assert first == ImportReport(read=2, added=2, words=4)
    (entry, _) = await store.read(user, lambda tx: tx.entries.page(Page()))
    at = entry["created_at"]
    await store.write(user, lambda tx: tx.trash.put(entry["id"], at))
    assert await service.run(user, importer, NOWHERE, target) == ImportReport(read=2, known=2)


async def test_two_imports_at_once_double_nothing(
    service: ImportService, store: Store, user: UserScope, target: ImportTarget
) -> None:
    importer = ListImporter(*(record(str(number)) for number in range(2 * BATCH)))
    reports = await asyncio.gather(
        *(service.run(user, importer, NOWHERE, target) for _ in range(3))
    )
    assert sum(report.added for report in reports) == 2 * BATCH
    streak = await store.read(user, lambda tx: tx.insights.streak())
    assert streak["total_entries"] == 2 * BATCH


async def test_an_interrupted_import_goes_on_where_it_stopped(
    service: ImportService, store: Store, user: UserScope, target: ImportTarget
) -> None:
    records = [record(str(number)) for number in range(BATCH + 1)]
    # A generator that raises takes the batch it was filling with it.
    broken = BrokenImporter(*records)
    with pytest.raises(OSError, match="unplugged"):
        await service.run(user, broken, NOWHERE, target)
    report = await service.run(user, ListImporter(*records), NOWHERE, target)
    assert (report.known, report.added) == (BATCH, 1)


async def test_a_dry_run_counts_and_writes_nothing(
    service: ImportService, store: Store, user: UserScope, target: ImportTarget
) -> None:
    importer = ListImporter(record("a"), record("b", content="\0"))
    report = await service.run(user, importer, NOWHERE, target, dry_run=True)
    assert (report.read, report.added, len(report.rejected)) == (2, 1, 1)
    assert await store.read(user, lambda tx: tx.entries.page(Page())) == []


async def test_the_same_file_comes_in_for_another_person_too(
    service: ImportService, user: UserScope, add_user: AddUser, target: ImportTarget
) -> None:
    other = await add_user("elizabeth@example.org")
    theirs = ImportTarget(journal_id=await service.journal(other, "Diary"), zone="UTC")
    importer = ListImporter(record("a"))
    assert (await service.run(user, importer, NOWHERE, target)).added == 1
    assert (await service.run(other, importer, NOWHERE, theirs)).added == 1


async def test_a_journal_is_made_once(service: ImportService, user: UserScope) -> None:
    assert await service.journal(user, "Diary") == await service.journal(user, "Diary")
    assert await service.journal(user, "Other") != await service.journal(user, "Diary")


async def test_progress_tells_how_far_it_is(
    service: ImportService, user: UserScope, target: ImportTarget
) -> None:
    told: list[int] = []
    importer = ListImporter(*(record(str(number)) for number in range(BATCH + 1)))
    await service.run(user, importer, NOWHERE, target, progress=told.append)
    assert told == [BATCH, BATCH + 1]


async def test_counters_and_the_search_index_are_what_the_entries_make_them(
    store: Store, service: ImportService, user: UserScope, target: ImportTarget
) -> None:
    await store.write(user, lambda tx: tx.tags.ensure(["old"], [new_id()], NOON))
    records = [
        record(str(number), tags=("old", f"new{number % 3}"), mood="calm") for number in range(7)
    ]
    report = await service.run(user, ListImporter(*records), NOWHERE, target)
    assert report.added == 7
    assert await store.read(user, lambda tx: tx.insights.verify()) == []
    assert await store.check() == []
    tags = await store.read(user, lambda tx: tx.tags.page(10, 0))
    assert {tag["name"]: tag["usage_count"] for tag in tags} == {
        "old": 7, "new0": 3, "new1": 2, "new2": 2
    }  # fmt: skip
