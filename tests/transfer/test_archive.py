"""Our own archive: what goes out comes back exactly, and what a stranger made of it does not."""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from devtools.paths import ROOT
from journiv.builtin.archive import ArchiveExporter, ArchiveImporter
from journiv.builtin.ndjson import NdjsonImporter
from journiv.contracts.repositories.entries import EntrySearch, Page
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import ImportedEntry
from journiv.domain.clock import StoppedClock, SystemClock
from journiv.domain.errors import BadRequest
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.transfer.exports import ExportService
from journiv.services.transfer.import_batch import Made
from journiv.services.transfer.imports import ImportReport, ImportService, ImportTarget
from journiv.services.transfer.restore import AccountRestore
from journiv.services.transfer.selection import EVERYTHING, Selection
from journiv.testing.store.people import Things, arrive, made_up, plant, settle, write_more
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.store import PostgresStore
from tests.services.postgres import PostgresServer

AddUser = Callable[[str], Awaitable[UserScope]]
DIARY = Path(__file__).parent.parent / "data" / "pepys.ndjson.gz"
NOON = "2026-01-01T12:00:00.000000Z"
Edit = Callable[[dict[str, list[Any]]], None]


@pytest.fixture
async def owner(store: Store) -> Things:
    """Somebody with some of everything."""
    things = made_up()
    await plant(store)
    await settle(store, things, "garden notes")
    await write_more(store, things)
    await store.write(things.scope, lambda tx: tx.settings.change({"theme": "dark"}, NOON))
    return things


async def exported(
    store: Store, scope: UserScope, path: Path, selection: Selection = EVERYTHING
) -> Path:
    clock = StoppedClock(SystemClock().now())
    await ExportService(store, clock).run(scope, ArchiveExporter(), path, selection=selection)
    return path


async def restored(store: Store, scope: UserScope, path: Path, **options: Any) -> ImportReport:
    return await AccountRestore(store).run(scope, ArchiveImporter(), path, **options)


def rows(path: Path) -> dict[str, list[Any]]:
    """The rows of an archive by member."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: [orjson.loads(line) for line in archive.read(name).splitlines()]
            for name in archive.namelist()
            if name != "manifest.json"
        }


def rewritten(path: Path, target: Path, edit: Edit) -> Path:
    """An archive with other rows whose manifest agrees with them."""
    content = rows(path)
    edit(content)
    with zipfile.ZipFile(path) as archive:
        manifest = orjson.loads(archive.read("manifest.json"))
    manifest["members"] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in content.items():
            member = b"".join(
                (line if isinstance(line, bytes) else orjson.dumps(line)) + b"\n" for line in lines
            )
            archive.writestr(name, member)
            manifest["members"].append(
                {"name": name, "rows": len(lines), "sha256": hashlib.sha256(member).hexdigest()}
            )
        archive.writestr("manifest.json", orjson.dumps(manifest))
    return target


async def sound(store: Store, scope: UserScope) -> None:
    """Counters and the search index are what the entries make them."""
    assert await store.read(scope, lambda tx: tx.insights.verify()) == []
    assert await store.check() == []


async def test_EXP_1_a_diary_comes_back_exactly_on_the_other_store(
    store: Store, owner: Things, postgres: PostgresServer, tmp_path: Path
) -> None:
    target = ImportTarget(zone="Europe/London", title="Pepys")
    await ImportService(store, SystemClock()).run(owner.scope, NdjsonImporter(), DIARY, target)
    first = await exported(store, owner.scope, tmp_path / "first.zip")
    url = postgres.new_database()
    other = PostgresStore(url, url, logging.getLogger("journiv.tests"), Tuning())
    async with other:
        await other.migrate()
        await plant(other)
        scope = await arrive(other)
        report = await restored(other, scope, first)
        second = await exported(other, scope, tmp_path / "second.zip")
        assert (report.rejected, report.remarks) == ((), ())
        assert report.added == len(rows(first)["moments.ndjson"]) > 3413
        assert rows(second) == rows(first)
        await sound(other, scope)
        for asked in (store, owner.scope), (other, scope):
            assert await plague(*asked) == 149


async def plague(store: Store, scope: UserScope) -> int:
    query = EntrySearch(needles=("plague",))
    return len(await store.read(scope, lambda tx: tx.entries.search(query, Page(limit=500))))


async def test_the_same_account_makes_the_same_bytes(
    store: Store, owner: Things, tmp_path: Path
) -> None:
    clock = StoppedClock(SystemClock().now())
    for name in ("a.zip", "b.zip"):
        await ExportService(store, clock).run(owner.scope, ArchiveExporter(), tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert b"user_id" not in (tmp_path / "a.zip").read_bytes()


async def test_a_second_time_adds_nothing(store: Store, owner: Things, tmp_path: Path) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")
    before = rows(path)
    report = await restored(store, owner.scope, path)
    assert (report.added, report.known, report.rejected) == (0, report.read, ())
    assert rows(await exported(store, owner.scope, tmp_path / "b.zip")) == before


async def test_IMP_9_an_archive_of_somebody_else_touches_nothing_of_theirs(
    store: Store, owner: Things, add_user: AddUser, tmp_path: Path
) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")

    def vandalise(content: dict[str, list[Any]]) -> None:
        for one in content["moments.ndjson"]:
            one |= {"user_id": owner.user, "location": "not theirs"}

    forged = rewritten(path, tmp_path / "forged.zip", vandalise)
    before = rows(path)
    stranger = await add_user("stranger@example.org")
    report = await restored(store, stranger, forged)
    assert report.added == len(before["moments.ndjson"])
    assert rows(await exported(store, owner.scope, tmp_path / "b.zip")) == before
    await sound(store, stranger)
    await sound(store, owner.scope)


async def test_tags_that_are_there_already_are_used(
    store: Store, owner: Things, add_user: AddUser, tmp_path: Path
) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")
    me, mine = await add_user("me@example.org"), new_id()
    await store.write(me, lambda tx: tx.tags.ensure(["garden"], [mine], NOON))
    await restored(store, me, path)
    tags = await store.read(me, lambda tx: tx.tags.of_entry(owner.entry))
    assert mine in [tag["id"] for tag in tags]
    await sound(store, me)


async def test_preferences_come_back_where_nothing_is_written_yet(
    store: Store, owner: Things, add_user: AddUser, tmp_path: Path
) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")
    me = await add_user("me@example.org")
    await restored(store, me, path)
    assert await store.read(me, lambda tx: tx.settings.time_zone()) == "Asia/Tokyo"
    await store.write(me, lambda tx: tx.settings.change({"time_zone": "UTC"}, NOON))
    await restored(store, me, path)
    assert await store.read(me, lambda tx: tx.settings.time_zone()) == "UTC"


async def test_journals_and_days_narrow_an_archive(
    store: Store, owner: Things, tmp_path: Path
) -> None:
    nobody = Selection(journal_ids=(new_id(),))
    content = rows(await exported(store, owner.scope, tmp_path / "a.zip", nobody))
    assert content["journals.ndjson"] == content["moments.ndjson"] == []
    assert content["revisions.ndjson"] == []
    one = Selection(journal_ids=(owner.journal,), end_date="1700-01-01")
    content = rows(await exported(store, owner.scope, tmp_path / "b.zip", one))
    assert [found["id"] for found in content["journals.ndjson"]] == [owner.journal]
    assert {found["day"] <= "1700-01-01" for found in content["moments.ndjson"]} <= {True}


async def test_a_restoration_that_was_cut_off_goes_on(
    store: Store, owner: Things, add_user: AddUser, tmp_path: Path
) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")
    me, calls = await add_user("me@example.org"), 0

    def cut_off(tx: Transaction, made: Made, read: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await restored(store, me, path, within=cut_off)
    await restored(store, me, path)
    there = rows(await exported(store, me, tmp_path / "b.zip"))
    assert there["moments.ndjson"] == rows(path)["moments.ndjson"]
    await sound(store, me)


async def test_a_dry_run_counts_and_writes_nothing(
    store: Store, owner: Things, add_user: AddUser, tmp_path: Path
) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")
    me = await add_user("me@example.org")
    report = await restored(store, me, path, dry_run=True)
    assert report.added == len(rows(path)["moments.ndjson"])
    empty = rows(await exported(store, me, tmp_path / "b.zip"))
    assert empty["moments.ndjson"] == empty["tags.ndjson"] == []


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another id": ({"id": "x"}, "an id in 'id'"),
    "a number for an id": ({"id": 7}, "an id in 'id'"),
    "another status": ({"status": "public"}, "one of entry, draft, trash, log in 'status'"),
    "no instant": ({"at": "yesterday"}, "an instant in 'at'"),
    "a zone of no place": ({"zone": "Mars/Olympus"}, "a time zone in 'zone'"),
    "text that is none": ({"content": ["x"]}, "text of 0 to 1,000,000 characters in 'content'"),
    "too long a text": ({"content": "x" * 1_000_001}, "in 'content'"),
    "too long a title": ({"title": "x" * 301}, "in 'title'"),
    "a NUL": ({"title": "a\0b"}, "in 'title'"),
    "half a place": ({"latitude": 1.0, "longitude": None}, "has half a place"),
    "a place off the earth": ({"latitude": 91.0, "longitude": 0.0}, "degrees up to 90"),
    "a version below one": ({"version": 0}, "a number from 1 to"),
    "true for a number": ({"version": True}, "a number from 1 to"),
    "a list of tags": ({"tags": ["a"]}, "at most 50 tags"),
    "a draft that is an entry": ({"is_draft": True}, "is no entry"),
    "an entry that is thrown away": ({"trashed_at": "2026-01-01T00:00:00.000000Z"}, "is no entry"),
    "an entry without a journal": ({"journal_id": None}, "is no entry"),
    "a journal of nobody": ({"journal_id": new_id()}, "a journal that is not in the archive"),
    "half a reference": ({"importer": None, "ref": "x"}, "has half a reference"),
    "a mood without its instant": ({"mood_at": None}, "has half a mood"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_IMP_8_a_wrong_row_is_told_and_the_others_come_in(
    store: Store, owner: Things, add_user: AddUser, tmp_path: Path, wrong: str
) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")
    changes, reason = WRONG[wrong]

    def spoil(content: dict[str, list[Any]]) -> None:
        good = next(one for one in content["moments.ndjson"] if one["id"] == owner.entry)
        content["moments.ndjson"].append({**good, "id": new_id(), "ref": "new", **changes})

    me = await add_user("me@example.org")
    report = await restored(store, me, rewritten(path, tmp_path / "b.zip", spoil))
    assert report.added == len(rows(path)["moments.ndjson"])
    (rejected,) = report.rejected
    assert rejected.where == f"moments.ndjson line {report.read}"
    assert reason in rejected.reason
    await sound(store, me)


async def test_IMP_8_lines_that_are_no_rows_are_told(
    store: Store, owner: Things, add_user: AddUser, tmp_path: Path
) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")
    nonsense = [b"", b"NaN", b"[]", b"[" * 5000 + b"]" * 5000, b'{"id":"\\ud800"}', b"\xff"]

    def spoil(content: dict[str, list[Any]]) -> None:
        content["moments.ndjson"] += nonsense
        content["tags.ndjson"].append({**content["tags.ndjson"][0]})

    me = await add_user("me@example.org")
    report = await restored(store, me, rewritten(path, tmp_path / "b.zip", spoil))
    assert report.added == len(rows(path)["moments.ndjson"])
    assert len(report.rejected) == len(nonsense) + 1


async def test_days_and_words_are_counted_anew(
    store: Store, owner: Things, add_user: AddUser, tmp_path: Path
) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")

    def lie(content: dict[str, list[Any]]) -> None:
        for one in content["moments.ndjson"]:
            one |= {"day": "1999-12-31", "word_count": 10**6}

    me = await add_user("me@example.org")
    await restored(store, me, rewritten(path, tmp_path / "b.zip", lie))
    there = rows(await exported(store, me, tmp_path / "c.zip"))
    assert there["moments.ndjson"] == rows(path)["moments.ndjson"]


@pytest.mark.parametrize(
    ("member", "change", "reason"),
    [
        ("moments.ndjson", lambda raw: raw + b" ", "'moments.ndjson' is not what was written"),
        ("manifest.json", lambda raw: raw.replace(b'"version": 1', b'"version": 2'), "version 2"),
        ("manifest.json", lambda raw: raw[:-9], "not JSON"),
        ("manifest.json", lambda raw: b"[]", "not a JSON object"),
        ("manifest.json", lambda raw: b"{}", "no archive of Journiv"),
        ("tags.ndjson", None, "does not name what is in it"),
    ],
)
async def test_a_damaged_archive_is_refused_before_anything_is_touched(
    store: Store,
    owner: Things,
    add_user: AddUser,
    tmp_path: Path,
    member: str,
    change: Callable[[bytes], bytes] | None,
    reason: str,
) -> None:
    path = await exported(store, owner.scope, tmp_path / "a.zip")
    damaged = tmp_path / "b.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != member:
                new.writestr(name, old.read(name))
            elif change is not None:
                new.writestr(name, change(old.read(name)))
    me = await add_user("me@example.org")
    with pytest.raises(BadRequest, match=reason):
        await restored(store, me, damaged)
    assert await store.read(me, lambda tx: tx.holdings.tags(new_id()[:1], 10)) == []


async def test_the_importer_knows_its_own_and_reads_entries_for_others(
    store: Store, owner: Things, tmp_path: Path
) -> None:
    importer = ArchiveImporter()
    path = await exported(store, owner.scope, tmp_path / "a.zip")
    assert importer.recognises(path)
    assert importer.count(path) == sum(map(len, rows(path).values()))
    entries = list(importer.read(path))
    assert all(isinstance(entry, ImportedEntry) for entry in entries)
    live = await store.read(owner.scope, lambda tx: tx.entries.page(Page()))
    assert {entry.ref for entry in entries if isinstance(entry, ImportedEntry)} == {
        one["id"] for one in live
    }
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("data.json", b"{}")
    assert not importer.recognises(other)
    assert not importer.recognises(DIARY)
    with pytest.raises(BadRequest, match="no member"):
        list(importer.rows(other))


async def test_every_row_is_as_the_published_schema_says(
    store: Store, owner: Things, tmp_path: Path
) -> None:
    schema = orjson.loads((ROOT / "docs" / "formats" / "archive-1.schema.json").read_bytes())
    content = rows(await exported(store, owner.scope, tmp_path / "a.zip"))
    assert set(content) == {f"{kind}.ndjson" for kind in schema["$defs"]}
    for kind, shape in schema["$defs"].items():
        if kind == "media":
            continue  # in test_archived_media, where there are bytes
        check = Draft202012Validator({**shape, "additionalProperties": False})
        assert content[f"{kind}.ndjson"]
        for row in content[f"{kind}.ndjson"]:
            check.validate(row)
