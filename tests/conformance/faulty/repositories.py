"""Stores with one fault each in what a repository promises."""

from __future__ import annotations

from typing import Any

from journiv.sqlstore import media_waste, rollups
from journiv.sqlstore.repositories import entries as entries_module
from journiv.sqlstore.repositories.entries import SqlEntries
from journiv.sqlstore.repositories.keyvalues import SqlKeyValues
from journiv.sqlstore.repositories.leases import SqlLeases
from journiv.sqlstore.repositories.replies import SqlReplies
from journiv.sqlstore.repositories.sessions import SqlSessions
from journiv.sqlstore.repositories.uploads import SqlUploads
from journiv_store_sqlite.search_fts5 import Fts5Index
from tests.conformance.faulty.planting import Faulty, Patch


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
