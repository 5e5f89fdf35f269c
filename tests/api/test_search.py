from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json, write_entry, write_journal


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def journal(me: ApiClient) -> Json:
    return await write_journal(me)


async def find(me: ApiClient, text: str, filters: str = "") -> list[Any]:
    answer = await me.get(f"/entries/search?q={quote(text)}{filters}")
    assert answer.status == 200, answer.json
    hits: list[Any] = answer.json
    return hits


def titles(hits: list[Any]) -> set[str]:
    return {hit["title"] for hit in hits}


async def test_substrings_are_found_in_title_and_text_without_case_and_accents(
    me: ApiClient, journal: Json
) -> None:
    await write_entry(me, journal, title="one", content="Un ÉTÉ à la plage")
    await write_entry(me, journal, title="Été two", content="nothing")
    await write_entry(me, journal, title="three", content="Straße bei Nacht")
    assert titles(await find(me, "ete")) == {"one", "Été two"}
    assert titles(await find(me, "PLAG")) == {"one"}
    assert titles(await find(me, "strasse")) == {"three"}
    assert titles(await find(me, "t")) == {"one", "Été two", "three"}
    assert await find(me, "absent") == []


async def test_every_word_must_occur_and_a_phrase_is_one(me: ApiClient, journal: Json) -> None:
    await write_entry(me, journal, title="both", content="the great and the plague")
    await write_entry(me, journal, title="phrase", content="the great plague")
    assert titles(await find(me, "plague great")) == {"both", "phrase"}
    assert titles(await find(me, '"great plague"')) == {"phrase"}
    assert titles(await find(me, "“great plague”")) == {"phrase"}
    assert titles(await find(me, "great fire")) == set()


@pytest.mark.parametrize(
    "text", ["100%", "a_b", '5"', "NEAR(", "x*", "-y", "AND", "c:\\d", "o'clock"]
)
async def test_special_characters_are_plain_text(me: ApiClient, journal: Json, text: str) -> None:
    await write_entry(me, journal, title="with", content=f"so {text} it is")
    await write_entry(me, journal, title="without", content="100 aXb 5 NEA x y c o clock")
    assert titles(await find(me, text)) == {"with"}


async def test_a_snippet_marks_what_was_found(me: ApiClient, journal: Json) -> None:
    await write_entry(me, journal, content="x " * 500 + "the Plàgue came " + "y " * 500)
    [hit] = await find(me, "plague")
    assert [piece["text"] for piece in hit["snippet"] if piece["hit"]] == ["Plàgue"]
    assert sum(len(piece["text"]) for piece in hit["snippet"]) < 300
    assert hit["content"].startswith("x x")


async def test_filters_narrow_the_search(me: ApiClient, journal: Json) -> None:
    other = await write_journal(me)
    first = await write_entry(me, journal, title="first", content="word", entry_date="2026-01-01")
    await write_entry(me, other, title="second", content="word", entry_date="2026-02-01")
    await me.post(f"/entries/{first['id']}/tags/bulk", ["Garden"])
    await me.post(f"/entries/{first['id']}/pin")
    mood = (await me.get("/moods/")).json[0]["id"]
    await me.post("/moods/log", {"mood_id": mood, "entry_id": first["id"]})
    for filters, found in {
        "": {"first", "second"},
        f"&journal_id={journal['id']}": {"first"},
        f"&journal_id={new_id()}": set(),
        "&tag=GARDEN": {"first"},
        "&tag=gard": set(),
        f"&mood_id={mood}": {"first"},
        "&start_date=2026-01-15": {"second"},
        "&end_date=2026-01-01": {"first"},
        "&pinned=true": {"first"},
        "&pinned=false": {"second"},
        "&has_media=true": set(),
        "&has_media=false": {"first", "second"},
        f"&tag=garden&pinned=true&journal_id={other['id']}": set(),
    }.items():
        assert titles(await find(me, "word", filters)) == found, filters


async def test_hits_come_newest_first_in_pages(me: ApiClient, journal: Json) -> None:
    written = [
        (await write_entry(me, journal, content="word", entry_date=f"2026-01-0{day}"))["id"]
        for day in (1, 2, 3, 4, 5)
    ]
    answer = await me.get("/entries/search?q=word&limit=2")
    seen = [hit["id"] for hit in answer.json]
    while cursor := answer.headers.get("X-Next-Cursor"):
        answer = await me.get(f"/entries/search?q=word&limit=2&after={cursor}")
        seen += [hit["id"] for hit in answer.json]
    assert seen == written[::-1]
    assert [hit["id"] for hit in await find(me, "word", "&offset=3")] == written[1::-1]


async def test_the_index_follows_every_change(me: ApiClient, journal: Json) -> None:
    entry = await write_entry(me, journal, content="before")
    path = f"/entries/{entry['id']}"
    await me.put(path, {"content": "after"})
    assert await find(me, "before") == []
    assert len(await find(me, "after")) == 1
    await me.post(f"{path}/revisions/1/restore")
    assert len(await find(me, "before")) == 1
    await me.delete(f"/journals/{journal['id']}")
    assert await find(me, "before") == []


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20", "?q=" + "x" * 10_000, "?q=a%00b",
                                   "?q=x&journal_id=nonsense", "?q=x&start_date=soon"])  # fmt: skip
async def test_a_search_that_makes_no_sense_is_refused(me: ApiClient, query: str) -> None:
    answer = await me.get(f"/entries/search{query}")
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"][0] == "query"
