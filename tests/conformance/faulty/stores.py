"""Stores with one fault each, which the kit for stores must find."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import func, select

from journiv.contracts.repositories.entries import Entries
from journiv.contracts.storage import Transaction
from journiv.domain.scope import SYSTEM, UserScope
from journiv.sqlstore import media_waste, rollups
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.repositories import entries as entries_module
from journiv.sqlstore.repositories.entries import SqlEntries
from journiv.sqlstore.repositories.journals import SqlJournals
from journiv.sqlstore.repositories.keyvalues import SqlKeyValues
from journiv.sqlstore.repositories.leases import SqlLeases
from journiv.sqlstore.repositories.replies import SqlReplies
from journiv.sqlstore.repositories.sessions import SqlSessions
from journiv.sqlstore.repositories.tags import SqlTags
from journiv.sqlstore.repositories.uploads import SqlUploads
from journiv.sqlstore.tables import journals, moments, tags
from journiv.testing.store import SharedStoreConformance
from journiv_store_sqlite.search_fts5 import Fts5Index
from journiv_store_sqlite.store import SqliteStore
from tests.conftest import sqlite_store

Patch = pytest.MonkeyPatch


class Faulty(SharedStoreConformance):
    """SQLite's store, with what `plant` does to it."""

    kit: ClassVar = "store"
    caught_by: ClassVar[tuple[str, ...]]

    def plant(self, patch: Patch) -> None:
        raise NotImplementedError

    @pytest.fixture
    async def store(
        self, database: Path, migrated: Path, monkeypatch: Patch
    ) -> AsyncIterator[SqliteStore]:
        self.plant(monkeypatch)
        database.parent.mkdir(mode=0o700)
        shutil.copy(migrated, database)
        async with sqlite_store(database) as opened:
            yield opened

    @pytest.fixture
    async def another(self, store: SqliteStore) -> AsyncIterator[SqliteStore]:
        async with sqlite_store(store.path) as opened:
            yield opened


class TestShowsEntriesOfOthers(Faulty):
    """`entries.get` forgets the owner."""

    caught_by = ("test_ids_of_others_are_like_ids_of_nobody",)

    def plant(self, patch: Patch) -> None:
        honest = SqlEntries.get

        def get(self: SqlEntries, entry_id: str) -> Any:
            asked = select(moments.c.user_id).where(moments.c.id == entry_id)
            owner = self._connection.execute(asked).scalar() or self._bound.user_id
            bound = Bound(self._connection, UserScope(owner), self._bound.search)
            return honest(SqlEntries(bound), entry_id)

        patch.setattr(SqlEntries, "get", get)


class TestCountsTagsOfEverybody(Faulty):
    """`tags.totals` counts everybody's tags."""

    caught_by = ("test_ids_of_others_are_like_ids_of_nobody",)

    def plant(self, patch: Patch) -> None:
        def totals(self: SqlTags) -> tuple[int, int]:
            every = self._connection.execute(select(func.count()).select_from(tags)).scalar_one()
            return every, every

        patch.setattr(SqlTags, "totals", totals)


class TestDeletesForOthers(Faulty):
    """`journals.delete` deletes whoever's journal it is, and says that it did not."""

    caught_by = ("test_nothing_of_others_is_changed",)

    def plant(self, patch: Patch) -> None:
        honest = SqlJournals.delete

        def delete(self: SqlJournals, journal_id: str) -> bool:
            gone = honest(self, journal_id)
            if not gone:
                self._connection.execute(journals.delete().where(journals.c.id == journal_id))
            return gone

        patch.setattr(SqlJournals, "delete", delete)


class TestLetsPeopleIn(Faulty):
    """A person may do what only the installation may."""

    caught_by = ("test_what_belongs_to_the_installation_is_no_persons",)

    def plant(self, patch: Patch) -> None:
        patch.setattr(Bound, "require_system", lambda self: None)


class TestHasAMethodNobodyTries(Faulty):
    """A repository has a method without a recipe."""

    caught_by = ("test_every_method_of_the_contract_is_tried",)

    @pytest.fixture(autouse=True)
    def planted(self, monkeypatch: Patch) -> None:
        more = Entries.__abstractmethods__ | {"everybodys"}
        monkeypatch.setattr(Entries, "__abstractmethods__", more)

    def plant(self, patch: Patch) -> None:
        pass


class TestKeepsHalfAUnit(Faulty):
    """A unit that fails is committed as far as it came."""

    caught_by = ("test_a_unit_that_fails_leaves_nothing", "test_a_unit_that_clashes_leaves_nothing")

    def plant(self, patch: Patch) -> None:
        honest = SqliteStore.write

        async def write(self: SqliteStore, scope: Any, work: Callable[[Transaction], Any]) -> Any:
            failed: list[Exception] = []

            def unit(tx: Transaction) -> Any:
                try:
                    return work(tx)
                except Exception as error:
                    failed.append(error)

            result = await honest(self, scope, unit)
            if failed:
                raise failed[-1]
            return result

        patch.setattr(SqliteStore, "write", write)


class TestRunsUnitsTwice(Faulty):
    """Every unit is carried out twice, and both times stay."""

    caught_by = ("test_what_is_read_and_then_written_is_never_lost",)

    def plant(self, patch: Patch) -> None:
        honest = SqliteStore.write

        async def write(self: SqliteStore, scope: Any, work: Callable[[Transaction], Any]) -> Any:
            return await honest(self, scope, lambda tx: (work(tx), work(tx))[1])

        patch.setattr(SqliteStore, "write", write)


class TestReadsOldValues(Faulty):
    """A value read before is not read again: two states in one unit."""

    caught_by = ("test_a_read_sees_one_state[True]", "test_a_read_sees_one_state[False]")

    def plant(self, patch: Patch) -> None:
        honest = SqlKeyValues.get
        kept: dict[str, Any] = {}

        def get(self: SqlKeyValues, namespace: str, key: str, now: str) -> Any:
            if key != "first":
                return honest(self, namespace, key, now)
            if kept.get(key) is None:
                kept[key] = honest(self, namespace, key, now)
            return kept[key]

        patch.setattr(SqlKeyValues, "get", get)


class TestWritesInReads(Faulty):
    """A read is a write."""

    caught_by = ("test_a_read_does_not_write",)

    def plant(self, patch: Patch) -> None:
        async def read(self: SqliteStore, scope: Any, work: Any, *, long: bool = False) -> Any:
            return await self.write(scope, work)

        patch.setattr(SqliteStore, "read", read)


class TestGivesALeaseToAnybody(Faulty):
    """A lease that is taken is given again."""

    caught_by = (
        "test_a_lease_has_one_owner_until_it_runs_out",
        "test_of_many_who_ask_one_gets_the_lease",
        "test_one_server_has_a_lease",
    )

    def plant(self, patch: Patch) -> None:
        def take(self: SqlLeases, name: str, owner: str, now: str, until: str) -> bool:
            return True

        patch.setattr(SqlLeases, "take", take)


class TestLeasesNeverRunOut(Faulty):
    """A lease is its owner's for ever."""

    caught_by = ("test_a_lease_has_one_owner_until_it_runs_out", "test_one_server_has_a_lease")

    def plant(self, patch: Patch) -> None:
        honest = SqlLeases.take

        def take(self: SqlLeases, name: str, owner: str, now: str, until: str) -> bool:
            return honest(self, name, owner, "0001-01-02T00:00:00.000000Z", until)

        patch.setattr(SqlLeases, "take", take)


class TestTakesAPrefixForAPattern(Faulty):
    """`%` and `_` in a prefix stand for others."""

    caught_by = ("test_a_prefix_is_plain_text_and_keys_are_in_order",)

    def plant(self, patch: Patch) -> None:
        honest = SqlKeyValues.items

        def items(self: SqlKeyValues, namespace: str, prefix: str, now: str) -> Any:
            if prefix.endswith("_"):
                every = honest(self, namespace, prefix[:-1], now)
                return [(key, value) for key, value in every if len(key) >= len(prefix)]
            return honest(self, namespace, prefix, now)

        patch.setattr(SqlKeyValues, "items", items)


class TestGivesAValueTwice(Faulty):
    """`kv.take` leaves the value where it was."""

    caught_by = (
        "test_of_many_who_take_a_value_one_gets_it",
        "test_one_server_gets_what_can_be_taken_once",
    )

    def plant(self, patch: Patch) -> None:
        patch.setattr(SqlKeyValues, "take", SqlKeyValues.get)


class TestCarriesRequestsOutAgain(Faulty):
    """Another attempt with the same key is carried out."""

    caught_by = (
        "test_a_second_attempt_with_a_key_writes_nothing",
        "test_of_attempts_at_once_one_writes",
        "test_one_server_carries_a_request_out",
    )

    def plant(self, patch: Patch) -> None:
        patch.setattr(SqlReplies, "begin", lambda self, once: None)


class TestIgnoresGenerations(Faulty):
    """A session is refreshed whatever its generation is."""

    caught_by = ("test_a_generation_is_followed_by_one", "test_one_server_refreshes_a_session")

    def plant(self, patch: Patch) -> None:
        honest = SqlSessions.change

        def change(self: SqlSessions, session_id: str, changes: Any, **_: Any) -> bool:
            return honest(self, session_id, changes)

        patch.setattr(SqlSessions, "change", change)


class TestIgnoresVersions(Faulty):
    """A change to an old version of an entry is written."""

    caught_by = ("test_of_changes_to_one_version_one_is_written",)

    def plant(self, patch: Patch) -> None:
        honest = SqlEntries.change

        def change(self: SqlEntries, entry_id: str, changes: Any, at: str, **_: Any) -> Any:
            return honest(self, entry_id, changes, at)

        patch.setattr(SqlEntries, "change", change)


class TestTrimsTexts(Faulty):
    """Texts are stored without the space around them."""

    caught_by = ("test_text_is_kept_letter_for_letter", "test_an_entry_comes_back_as_it_went")

    def plant(self, patch: Patch) -> None:
        honest = entries_module._row

        def row(user_id: str, entry: Any) -> dict[str, Any]:
            made = honest(user_id, entry)
            return {**made, "content": made["content"].strip()}

        patch.setattr(entries_module, "_row", row)


class TestForgetsToCount(Faulty):
    """Numbers do not follow changes."""

    caught_by = (
        "test_numbers_follow_every_change",
        "test_days_and_totals_are_those_of_live_entries",
    )

    def plant(self, patch: Patch) -> None:
        patch.setattr(rollups, "apply", lambda *_: None)


class TestRepeatsTheLastOfAPage(Faulty):
    """A page begins with the last item of the page before."""

    caught_by = (
        "test_a_list_is_in_order_and_walked_through_without_gaps[entries.page]",
        "test_what_comes_meanwhile_is_neither_repeated_nor_skipped",
    )

    def plant(self, patch: Patch) -> None:
        honest = SqlEntries.page

        def page(self: SqlEntries, page: Any) -> Any:
            found = honest(self, page)
            if page.after is None:
                return found
            last = self.get(page.after.id)
            return ([last] if last else []) + found[: page.limit - 1]

        patch.setattr(SqlEntries, "page", page)


class TestLeavesTheTrashInTheIndex(Faulty):
    """Searching finds what was thrown away."""

    caught_by = ("test_a_search_follows_every_change",)

    def plant(self, patch: Patch) -> None:
        honest = SqlEntries.search
        known: dict[str, Any] = {}

        def search(self: SqlEntries, query: Any, page: Any) -> Any:
            found = honest(self, query, page)
            known.update({one["id"]: one for one in found})
            return list({**known, **{one["id"]: one for one in found}}.values())

        patch.setattr(SqlEntries, "search", search)


class TestFindsWholeWordsOnly(Faulty):
    """Short needles are not found inside words."""

    caught_by = ("test_a_search_finds_what_comparing_finds", "test_every_needle_must_occur")

    def plant(self, patch: Patch) -> None:
        honest = Fts5Index.find

        def find(self: Fts5Index, connection: Any, user_id: str, query: Any, page: Any) -> Any:
            if any(len(needle) < 3 for needle in query.needles):
                return []
            return honest(self, connection, user_id, query, page)

        patch.setattr(Fts5Index, "find", find)


class TestStandsStill(Faulty):
    """The revision is always the same, so that caches never learn anything."""

    caught_by = ("test_the_revision_is_another_after_every_write",)

    def plant(self, patch: Patch) -> None:
        patch.setattr(SqliteStore, "revision", lambda self: 1)


class TestMigratesFromScratch(Faulty):
    """Migrating an up-to-date store empties it."""

    caught_by = ("test_migrating_again_changes_nothing",)

    def plant(self, patch: Patch) -> None:
        honest = SqliteStore.migrate

        async def migrate(self: SqliteStore) -> Any:
            for user in await self.read(SYSTEM, lambda tx: tx.users.page(100, 0)):
                await self.write(SYSTEM, lambda tx, one=user["id"]: tx.users.delete(one))
            return await honest(self)

        patch.setattr(SqliteStore, "migrate", migrate)


class TestDeletesSharedBytes(Faulty):
    """Bytes become waste although another medium has them."""

    caught_by = ("test_bytes_are_waste_when_the_last_medium_with_them_goes",)

    def plant(self, patch: Patch) -> None:
        patch.setattr(media_waste, "keep_used", lambda connection: None)


class TestTakesPiecesAnywhere(Faulty):
    """A piece of an upload is taken wherever it begins."""

    caught_by = ("test_pieces_of_an_upload_come_in_order",)

    def plant(self, patch: Patch) -> None:
        honest = SqlUploads.add_part

        def add_part(self: SqlUploads, upload_id: str, start: int, *more: Any) -> bool:
            begun = self.get(upload_id)
            return begun is not None and honest(self, upload_id, begun["received"], *more)

        patch.setattr(SqlUploads, "add_part", add_part)
