"""Lost updates (versions, `If-Match`) and the earlier texts that are kept."""

from __future__ import annotations

import asyncio

import pytest

from journiv.domain.ids import new_id
from tests.api.client import Answer, ApiClient
from tests.api.conftest import NewUser, StartServer, register
from tests.api.diary import Json, write_entry, write_journal


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def entry(me: ApiClient) -> Json:
    return await write_entry(me, await write_journal(me), content="first")


def path_of(entry: Json) -> str:
    return f"/entries/{entry['id']}"


async def edit(me: ApiClient, entry: Json, content: str, tag: str | None = None) -> Answer:
    headers = {} if tag is None else {"If-Match": tag}
    return await me.put(path_of(entry), {"content": content}, headers=headers)


async def test_of_two_edits_of_one_version_the_second_gets_the_current_text(
    me: ApiClient, entry: Json
) -> None:
    first = await edit(me, entry, "mine", '"1"')
    second = await edit(me, entry, "yours", '"1"')
    assert (first.status, first.headers["ETag"]) == (200, '"2"')
    assert "X-Overwrote-Version" not in first.headers
    assert second.status == 412
    assert second.json["current"] == first.json
    again = await edit(me, entry, "yours", first.headers["ETag"])
    assert (again.status, again.json["content"]) == (200, "yours")
    kept = (await me.get(f"{path_of(entry)}/revisions")).json
    assert [revision["content"] for revision in kept] == ["mine", "first"]


@pytest.mark.parametrize(
    ("tag", "status"),
    [('"1"', 200), ('"7", "1"', 200), ("*", 200), ('W/"1"', 412), ('"2"', 412), ("1", 412),
     ('"x"', 412), ("", 412)],
)  # fmt: skip
async def test_only_a_strong_tag_of_the_stored_version_matches(
    me: ApiClient, entry: Json, tag: str, status: int
) -> None:
    assert (await edit(me, entry, "changed", tag)).status == status
    stored = (await me.get(path_of(entry))).json
    assert stored["content"] == ("changed" if status == 200 else "first")


async def test_an_edit_without_a_precondition_tells_which_version_it_replaced(
    me: ApiClient, entry: Json
) -> None:
    answer = await edit(me, entry, "second")
    assert (answer.status, answer.headers["X-Overwrote-Version"]) == (200, "1")
    [kept] = (await me.get(f"{path_of(entry)}/revisions")).json
    assert (kept["number"], kept["content"], kept["reason"]) == (1, "first", "overwritten")
    unchanged = await edit(me, entry, "second")
    assert "X-Overwrote-Version" not in unchanged.headers
    assert unchanged.json == answer.json


async def test_thirty_edits_at_once_lose_no_text(me: ApiClient, entry: Json) -> None:
    texts = {f"edit {number}" for number in range(30)}
    answers = await asyncio.gather(*(edit(me, entry, text) for text in texts))
    assert {answer.status for answer in answers} == {200}
    stored = (await me.get(path_of(entry))).json
    kept = (await me.get(f"{path_of(entry)}/revisions")).json
    assert {stored["content"], *(one["content"] for one in kept)} == texts | {"first"}
    assert stored["version"] == 31


async def test_thirty_edits_of_one_version_at_once_let_one_through(
    me: ApiClient, entry: Json
) -> None:
    answers = await asyncio.gather(*(edit(me, entry, f"e{n}", '"1"') for n in range(30)))
    assert sorted(answer.status for answer in answers) == [200, *[412] * 29]


async def test_a_stale_updated_at_is_a_conflict(me: ApiClient, entry: Json) -> None:
    fresh = {"content": "second", "expected_updated_at": entry["updated_at"]}
    assert (await me.put(path_of(entry), fresh)).status == 200
    answer = await me.put(path_of(entry), {**fresh, "content": "third"})
    assert answer.status == 409
    assert (await me.get(path_of(entry))).json["content"] == "second"


async def test_deleting_respects_the_version(me: ApiClient, entry: Json) -> None:
    await edit(me, entry, "second")
    stale = await me.delete(path_of(entry), headers={"If-Match": '"1"'})
    assert (stale.status, stale.json["current"]["content"]) == (412, "second")
    assert (await me.delete(path_of(entry), headers={"If-Match": '"2"'})).status == 204


async def test_a_server_may_insist_on_preconditions(
    start_server: StartServer, client: ApiClient
) -> None:
    server = start_server(REQUIRE_IF_MATCH="true")
    me = await register(ApiClient(client.session, server.url, server.contract), "a@example.org")
    entry = await write_entry(me, await write_journal(me))
    assert (await edit(me, entry, "second")).status == 428
    assert (await me.delete(path_of(entry))).status == 428
    assert (await edit(me, entry, "second", '"1"')).status == 200
    assert (await me.delete(path_of(entry), headers={"If-Match": "*"})).status == 204


async def test_a_kept_text_comes_back_and_the_one_it_replaces_is_kept(
    me: ApiClient, entry: Json
) -> None:
    await me.put(path_of(entry), {"title": "Second", "content": "now it is longer"})
    one = f"{path_of(entry)}/revisions/1"
    assert (await me.get(one)).json["content"] == "first"
    restored = await me.post(f"{one}/restore")
    assert restored.status == 200
    assert (restored.json["title"], restored.json["content"]) == ("A day", "first")
    assert (restored.json["word_count"], restored.headers["ETag"]) == (1, '"3"')
    numbers = [one["number"] for one in (await me.get(f"{path_of(entry)}/revisions")).json]
    assert numbers == [2, 1]
    journal = (await me.get(f"/journals/{entry['journal_id']}")).json
    assert journal["total_words"] == 1


@pytest.mark.parametrize("number", ["2", "0", "999999999999999999999"])
async def test_a_text_that_was_not_kept_is_not_found(
    me: ApiClient, entry: Json, number: str
) -> None:
    answer = await me.get(f"{path_of(entry)}/revisions/{number}")
    assert (answer.status, answer.detail) == (404, "Revision not found")
    assert (await me.post(f"{path_of(entry)}/revisions/{number}/restore")).status == 404
    assert (await me.get(f"/entries/{new_id()}/revisions")).status == 404


async def test_moving_or_pinning_keeps_no_text(me: ApiClient, entry: Json) -> None:
    await me.post(f"{path_of(entry)}/pin")
    await me.put(path_of(entry), {"location": "home"})
    assert (await me.get(f"{path_of(entry)}/revisions")).json == []
