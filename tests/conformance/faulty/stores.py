"""Stores with one fault each: who sees what, units of work, the store as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from journiv.contracts.repositories.entries import Entries
from journiv.contracts.storage import Transaction
from journiv.domain.scope import SYSTEM, UserScope
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.repositories.entries import SqlEntries
from journiv.sqlstore.repositories.journals import SqlJournals
from journiv.sqlstore.repositories.keyvalues import SqlKeyValues
from journiv.sqlstore.repositories.tags import SqlTags
from journiv.sqlstore.tables import journals, moments, tags
from journiv_store_sqlite.store import SqliteStore
from tests.conformance.faulty.planting import Faulty, Patch


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
