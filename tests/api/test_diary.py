"""Samuel Pepys's whole diary: imported beside a running server, then read through the API."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.server import ServerProcess

FILE = Path(__file__).parent.parent / "data" / "pepys.ndjson.gz"
PERSON = {"email": "pepys@example.org", "password": "mum-is-the-word-1660", "name": "Sam"}
ENTRIES = 3413
WORDS = 1_175_368


@dataclass(frozen=True, slots=True)
class Diary:
    server: ServerProcess
    token: str
    imported: str

    def journiv(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on the server's data."""
        return subprocess.run(
            [sys.executable, "-m", "journiv", *arguments],
            env={
                "PATH": os.environ["PATH"],
                "ENVIRONMENT": "test",
                "SECRET_KEY": "a-key-for-tests-and-for-nothing-else-0123456789",
                "JOURNIV_DATA": str(self.server.folder / "data"),
            },
            capture_output=True,
            text=True,
            timeout=120,
        )

    def run_import(self) -> subprocess.CompletedProcess[str]:
        return self.journiv(
            "import", str(FILE), "--format", "ndjson", "--user", PERSON["email"],
            "--journal", "Diary", "--zone", "Europe/London",
        )  # fmt: skip


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diary]:
    server = ServerProcess(tmp_path_factory.mktemp("diary"), {})
    server.start()
    server.post("/api/v1/auth/register", PERSON)
    token = server.post("/api/v1/auth/login", PERSON)["access_token"]
    first = Diary(server, token, "").run_import()
    assert first.returncode == 0, first.stderr
    yield Diary(server, token, first.stdout)
    server.kill()


@pytest.fixture
async def sam(diary: Diary) -> AsyncIterator[ApiClient]:
    async with ClientSession() as session:
        yield ApiClient(session, diary.server.url, diary.server.contract, token=diary.token)


async def every_page(sam: ApiClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while page := (await sam.get(f"{path}&limit=100&offset={len(found)}")).json:
        found += page
    return found


def test_the_whole_diary_comes_in_and_a_second_import_adds_nothing(diary: Diary) -> None:
    assert diary.imported == (
        "3,413 records read: 3,413 entries added (1,175,368 words), "
        "0 were there already, 0 rejected.\n"
    )
    again = diary.run_import()
    assert again.returncode == 0
    assert again.stdout == (
        "3,413 records read: 0 entries added (0 words), "
        "3,413 were there already, 0 rejected.\n"
    )  # fmt: skip


async def test_the_running_server_counts_every_entry_word_and_day(sam: ApiClient) -> None:
    streak = (await sam.get("/analytics/writing-streak")).json
    assert streak["total_entries"] == ENTRIES
    assert streak["current_streak"] == 233
    assert streak["streak_start_date"] == "1668-10-21"
    assert streak["longest_streak"] == 1221
    (journal,) = (await sam.get("/journals/")).json
    assert (journal["title"], journal["entry_count"]) == ("Diary", ENTRIES)
    assert journal["total_words"] == WORDS


@pytest.mark.parametrize(
    ("words", "hits"),
    [("plague", 149), ("PLAGUE", 149), ("\u2019light", 109), ("'light", 109), ("light", 408)],
)
async def test_search_finds_every_entry_once(sam: ApiClient, words: str, hits: int) -> None:
    found = await every_page(sam, f"/entries/search?q={words}")
    assert len({entry["id"] for entry in found}) == len(found) == hits
    days = [entry["entry_datetime_utc"] for entry in found]
    assert days == sorted(days, reverse=True)


async def test_the_first_entry_reads_back_at_noon_in_the_london_of_1660(sam: ApiClient) -> None:
    path = "/entries/date-range?start_date=1660-01-01&end_date=1660-01-11"
    (first,) = (await sam.get(path)).json
    assert first["title"] == "1 January 1660"
    assert first["entry_date"] == "1660-01-11"
    assert first["entry_timezone"] == "Europe/London"
    assert first["entry_datetime_utc"].startswith("1660-01-11T12:01:15")


async def test_all_entries_are_listed_once(sam: ApiClient) -> None:
    found = await every_page(sam, "/entries/?")
    assert len({entry["id"] for entry in found}) == len(found) == ENTRIES
    assert sum(entry["word_count"] for entry in found) == WORDS


async def test_an_imported_entry_is_changed_counted_and_found_like_any_other(
    sam: ApiClient, diary: Diary
) -> None:
    path = "/entries/date-range?start_date=1669-06-10&end_date=1669-06-10"
    (last,) = (await sam.get(path)).json
    word = "zephyrine"
    changed = await sam.put(f"/entries/{last['id']}", {"content": f"{last['content']} {word}"})
    assert changed.json["word_count"] == last["word_count"] + 1
    (hit,) = (await sam.get(f"/entries/search?q={word}")).json
    assert hit["id"] == last["id"]
    back = await sam.put(f"/entries/{last['id']}", {"content": last["content"]})
    assert back.json["content"] == last["content"]
    assert "0 entries added" in diary.run_import().stdout


def test_nothing_has_drifted(diary: Diary) -> None:
    verified = diary.journiv("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
