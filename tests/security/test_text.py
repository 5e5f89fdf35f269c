"""Text as people write it goes in and comes out as it was (IN-4, 5, 6, 8, 10)."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import write_entry, write_journal

EMOJI = "🏴󠁧󠁢󠁥󠁮󠁧󠁿 👩‍👩‍👧 𠮷野家 \U0010ffff"
RIGHT_TO_LEFT = "שלום \u202eevil\u202c مرحبا \u200f\u2067x\u2069"
LONGEST = 1_000_000


async def test_IN_4_characters_beyond_the_basic_plane_are_kept_and_found(
    new_user: NewUser,
) -> None:
    await _kept_and_found(await new_user(), EMOJI, "𠮷野家")


async def test_IN_5_text_from_right_to_left_is_kept_and_found(new_user: NewUser) -> None:
    await _kept_and_found(await new_user(), RIGHT_TO_LEFT, "שלום")


async def _kept_and_found(person: ApiClient, text: str, word: str) -> None:
    journal = await write_journal(person, title=text, description=text)
    assert (journal["title"], journal["description"]) == (text, text)
    entry = await write_entry(person, journal, title=text, content=text, location=text)
    read = (await person.get(f"/entries/{entry['id']}")).json
    assert (read["title"], read["content"], read["location"]) == (text, text, text)
    found = (await person.get(f"/entries/search?q={quote(word)}")).json
    assert [hit["id"] for hit in found] == [entry["id"]]
    tag = (await person.post("/tags/", {"name": word})).json
    assert tag["name"] == word


async def test_IN_6_a_line_of_a_megabyte_is_kept_and_one_character_more_refused(
    new_user: NewUser,
) -> None:
    person = await new_user()
    journal = await write_journal(person)
    line = "x" * (LONGEST - 5) + " ink."
    entry = await write_entry(person, journal, content=line)
    assert (await person.get(f"/entries/{entry['id']}")).json["content"] == line
    assert [hit["id"] for hit in (await person.get("/entries/search?q=ink.")).json] == [entry["id"]]
    longer = {"title": "t", "content": line + "x", "journal_id": journal["id"]}
    assert (await person.post("/entries/", longer)).status == 422
    assert (await person.put(f"/entries/{entry['id']}", {"content": line + "x"})).status == 422
    assert (await person.get(f"/entries/{entry['id']}")).json["content"] == line


async def test_IN_8_empty_content_is_refused_and_blank_content_is_text(new_user: NewUser) -> None:
    person = await new_user()
    journal = await write_journal(person)
    empty = {"title": "t", "content": "", "journal_id": journal["id"]}
    assert (await person.post("/entries/", empty)).status == 422
    entry = await write_entry(person, journal, content=" \n\t ")
    assert entry["content"] == " \n\t "
    assert (await person.put(f"/entries/{entry['id']}", {"content": ""})).status == 422
    assert (await person.post("/journals/", {"title": ""})).status == 422
    for blank in ("", "   ", "\t\n"):
        assert (await person.post("/tags/", {"name": blank})).status == 422
        assert (
            await person.post("/tokens", {"name": blank, "scopes": ["tags:read"]})
        ).status == 422


@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/tags/", "/users/me"])
async def test_a_long_run_of_combining_marks_is_refused_at_once(
    alice: ApiClient, path: str
) -> None:
    marks = "a" + "\u0301\u0316" * 80_000  # took half a minute to put in order
    body = {"email": "marks@example.org", "name": marks, "password": marks, "new_password": marks}
    send = alice.put if path == "/users/me" else alice.post
    answer = await send(path, {**body, "current_password": alice.password})
    assert answer.status in (401, 422)


@pytest.mark.parametrize(
    "signs",
    ["%", "_", "\\", '"', "'", "*", "NEAR(", "a OR b", "-a", "^a", "col:x", "{a}", "(", "a* AND"],
)
async def test_IN_10_signs_of_search_languages_are_text(new_user: NewUser, signs: str) -> None:
    person = await new_user()
    journal = await write_journal(person)
    await write_entry(person, journal, title="plain", content="nothing of that kind")
    entry = await write_entry(person, journal, title="signs", content=f"before {signs} after")
    answer = await person.get(f"/entries/search?q={quote(signs, safe='')}")
    assert answer.status == 200
    assert [hit["id"] for hit in answer.json] == [entry["id"]]


async def test_IN_10_a_query_of_ten_kilobytes_is_refused(alice: ApiClient) -> None:
    for term in ("x" * 10_000, quote("é") * 5_000, quote('"a" ') * 2_500):
        assert (await alice.get(f"/entries/search?q={term}")).status == 422
