from __future__ import annotations

import pytest

from tests.api.client import Answer, ApiClient
from tests.api.conftest import NewUser
from tests.api.habits import MISSING, make_journal, write_entry


async def make_tag(person: ApiClient, name: str) -> str:
    answer = await person.post("/tags/", {"name": name})
    assert answer.status == 201
    tag_id: str = answer.json["id"]
    return tag_id


def names(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.json
    return [tag["name"] for tag in answer.json]


async def test_a_tag_is_made_once_whatever_its_case(new_user: NewUser) -> None:
    person = await new_user()
    first = await person.post("/tags/", {"name": "  Sea ", "color": "#FFFFFF"})
    again = await person.post("/tags/", {"name": "sea"})
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert first.json["name"] == "sea"
    assert first.json["usage_count"] == 0
    assert first.json["user_id"] == person.user["id"]


@pytest.mark.parametrize(
    "body", [{"name": "  "}, {"name": "x" * 101}, {"name": None}, {}, {"name": 7}]
)
async def test_a_tag_without_a_proper_name_is_refused(
    new_user: NewUser, body: dict[str, object]
) -> None:
    person = await new_user()
    answer = await person.post("/tags/", body)
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["body", "name"]


async def test_lists_find_tags_and_keep_their_limits(new_user: NewUser) -> None:
    person = await new_user()
    entry = await write_entry(person)
    for name in ("town", "sea", "seaside"):
        await make_tag(person, name)
    await person.post(f"/entries/{entry['id']}/tags/bulk", ["town"])
    assert names(await person.get("/tags/")) == ["town", "sea", "seaside"]
    assert names(await person.get("/tags")) == ["town", "sea", "seaside"]
    assert names(await person.get("/tags/?limit=1&offset=1")) == ["sea"]
    assert names(await person.get("/tags/?search=SEA")) == ["sea", "seaside"]
    assert names(await person.get("/tags/popular")) == ["town"]
    assert names(await person.get("/tags/search?q=side")) == ["seaside"]
    for path in (
        "/tags/?limit=101",
        "/tags/?limit=0",
        "/tags/?offset=-1",
        "/tags/popular?limit=51",
        "/tags/search",
        "/tags/search?q=",
    ):
        assert (await person.get(path)).status == 422, path


async def test_a_tag_is_renamed_and_deleted(new_user: NewUser) -> None:
    person = await new_user()
    tag_id = await make_tag(person, "sea")
    await make_tag(person, "town")
    renamed = await person.put(f"/tags/{tag_id}", {"name": "Ocean"})
    assert renamed.json["name"] == "ocean"
    assert (await person.put(f"/tags/{tag_id}", {"name": None})).json["name"] == "ocean"
    taken = await person.put(f"/tags/{tag_id}", {"name": "town"})
    assert (taken.status, taken.detail) == (400, "Tag with this name already exists")
    assert (await person.delete(f"/tags/{tag_id}")).status == 204
    gone = await person.get(f"/tags/{tag_id}")
    assert (gone.status, gone.detail) == (404, "Tag not found")
    assert (await person.delete(f"/tags/{tag_id}")).status == 404


async def test_bulk_answers_with_every_tag_of_the_entry(new_user: NewUser) -> None:
    person = await new_user()
    entry_id = (await write_entry(person))["id"]
    first = await person.post(f"/tags/entry/{entry_id}/bulk", ["Town", "sea", " ", "SEA"])
    assert names(first) == ["sea", "town"]
    again = await person.post(f"/entries/{entry_id}/tags/bulk", ["work"])
    assert names(again) == ["sea", "town", "work"]
    assert names(await person.get(f"/entries/{entry_id}/tags")) == ["sea", "town", "work"]
    assert names(await person.get(f"/tags/entry/{entry_id}")) == ["sea", "town", "work"]
    assert [tag["usage_count"] for tag in again.json] == [1, 1, 1]


async def test_an_empty_bulk_is_fine_under_the_entry_and_refused_under_tags(
    new_user: NewUser,
) -> None:
    person = await new_user()
    entry_id = (await write_entry(person))["id"]
    assert names(await person.post(f"/entries/{entry_id}/tags/bulk", [])) == []
    refused = await person.post(f"/tags/entry/{entry_id}/bulk", [])
    assert (refused.status, refused.detail) == (400, "Tag names list cannot be empty")


@pytest.mark.parametrize("body", [["x" * 101], [7], [None], {"names": ["a"]}, ["x", "y", []]])
async def test_a_bulk_with_something_wrong_changes_nothing(new_user: NewUser, body: object) -> None:
    person = await new_user()
    entry_id = (await write_entry(person))["id"]
    assert (await person.post(f"/entries/{entry_id}/tags/bulk", body)).status == 422
    assert names(await person.get("/tags/")) == []


async def test_an_entry_takes_fifty_tags_and_no_more(new_user: NewUser) -> None:
    person = await new_user()
    entry_id = (await write_entry(person))["id"]
    path = f"/entries/{entry_id}/tags/bulk"
    assert len(names(await person.post(path, [f"t{number}" for number in range(50)]))) == 50
    assert (await person.post(path, ["another"])).status == 422
    assert names(await person.get("/tags/search?q=another")) == []


async def test_a_link_is_made_once_and_taken_off_as_often_as_you_like(new_user: NewUser) -> None:
    person = await new_user()
    entry_id = (await write_entry(person))["id"]
    tag_id = await make_tag(person, "sea")
    path = f"/tags/entry/{entry_id}/tag/{tag_id}"
    first, again = await person.post(path), await person.post(path)
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert (await person.get(f"/tags/{tag_id}")).json["usage_count"] == 1
    assert [(await person.delete(path)).status for _ in range(2)] == [204, 204]
    assert (await person.get(f"/tags/{tag_id}")).json["usage_count"] == 0


async def test_merging_moves_links_drops_doubles_and_counts_right(new_user: NewUser) -> None:
    person = await new_user()
    journal = await make_journal(person)
    one = (await write_entry(person, journal))["id"]
    two = (await write_entry(person, journal))["id"]
    await person.post(f"/entries/{one}/tags/bulk", ["sea", "ocean"])
    await person.post(f"/entries/{two}/tags/bulk", ["sea"])
    sea, ocean = await make_tag(person, "sea"), await make_tag(person, "ocean")
    merged = await person.post(f"/tags/{sea}/merge/{ocean}")
    assert merged.status == 200
    assert (merged.json["name"], merged.json["usage_count"]) == ("ocean", 2)
    assert names(await person.get("/tags/")) == ["ocean"]
    assert names(await person.get(f"/entries/{two}/tags")) == ["ocean"]


async def test_merging_says_which_tag_is_missing(new_user: NewUser) -> None:
    person = await new_user()
    tag_id = await make_tag(person, "sea")
    for path, status, detail in (
        (f"/tags/{tag_id}/merge/{tag_id}", 400, "Cannot merge tag into itself"),
        (f"/tags/{MISSING}/merge/{tag_id}", 404, "Source tag not found"),
        (f"/tags/{tag_id}/merge/{MISSING}", 404, "Target tag not found"),
    ):
        answer = await person.post(path)
        assert (answer.status, answer.detail) == (status, detail)


async def test_entries_of_a_tag_are_previews_newest_first(new_user: NewUser) -> None:
    person = await new_user()
    journal = await make_journal(person)
    for day, content in (("2026-03-01", "short"), ("2026-03-02", "x" * 201)):
        entry = await write_entry(person, journal, entry_date=day, content=content)
        await person.post(f"/entries/{entry['id']}/tags/bulk", ["sea"])
    tag_id = await make_tag(person, "sea")
    found = (await person.get(f"/tags/{tag_id}/entries")).json
    assert [entry["content"] for entry in found] == ["x" * 200 + "...", "short"]
    assert (await person.get(f"/tags/{tag_id}/entries?limit=1&offset=1")).json == found[1:]
    page = await person.get(f"/tags/{tag_id}/entries?limit=1")
    after = page.headers["X-Next-Cursor"]
    assert (await person.get(f"/tags/{tag_id}/entries?after={after}")).json == found[1:]
    missing = await person.get(f"/tags/{MISSING}/entries")
    assert (missing.status, missing.detail) == (404, "Tag not found")


async def test_a_deleted_entry_takes_its_count_along(new_user: NewUser) -> None:
    person = await new_user()
    entry_id = (await write_entry(person))["id"]
    await person.post(f"/entries/{entry_id}/tags/bulk", ["sea"])
    await person.delete(f"/entries/{entry_id}")
    assert (await person.get("/tags/")).json[0]["usage_count"] == 0
    assert names(await person.get("/tags/popular")) == []


async def test_tag_analytics_are_for_everybody(new_user: NewUser) -> None:
    person = await new_user()
    entry_id = (await write_entry(person))["id"]
    await person.post(f"/entries/{entry_id}/tags/bulk", ["sea", "town"])
    tag_id = await make_tag(person, "sea")
    overview = await person.get("/tags/analytics")
    assert (overview.status, overview.json["total_usage"]) == (200, 2)
    history = await person.get(f"/tags/{tag_id}/analytics?days=30")
    assert history.status == 200
    assert history.json["share_of_entries"] == 100.0
    assert [tag["tag_name"] for tag in history.json["together_with"]] == ["town"]
    assert (await person.get("/tags/analytics?days=3651")).status == 422
    assert (await person.get(f"/tags/{MISSING}/analytics")).detail == "Tag not found"


async def test_tags_of_others_look_missing_and_stay(new_user: NewUser) -> None:
    owner, stranger = await new_user(), await new_user()
    entry_id = (await write_entry(owner))["id"]
    own_entry = (await write_entry(stranger))["id"]
    await owner.post(f"/entries/{entry_id}/tags/bulk", ["sea"])
    tag_id = await make_tag(owner, "sea")
    tries = [
        ("GET", f"/tags/{tag_id}", None, "Tag not found"),
        ("PUT", f"/tags/{tag_id}", {"name": "mine"}, "Tag not found"),
        ("DELETE", f"/tags/{tag_id}", None, "Tag not found"),
        ("GET", f"/tags/{tag_id}/entries", None, "Tag not found"),
        ("GET", f"/tags/{tag_id}/analytics", None, "Tag not found"),
        ("GET", f"/entries/{entry_id}/tags", None, "Entry not found"),
        ("GET", f"/tags/entry/{entry_id}", None, "Entry not found"),
        ("POST", f"/entries/{entry_id}/tags/bulk", ["mine"], "Entry not found"),
        ("POST", f"/tags/entry/{entry_id}/bulk", ["mine"], "Entry not found"),
        ("POST", f"/tags/entry/{own_entry}/tag/{tag_id}", None, "Tag not found"),
        ("DELETE", f"/tags/entry/{entry_id}/tag/{tag_id}", None, "Entry not found"),
    ]
    for method, path, body, detail in tries:
        answer = await stranger.request(method, path, json=body)
        assert (answer.status, answer.detail) == (404, detail), (method, path)
    assert names(await owner.get(f"/entries/{entry_id}/tags")) == ["sea"]
    assert names(await stranger.get("/tags/")) == []


async def test_strangers_are_told_to_sign_in_first(client: ApiClient) -> None:
    for path in ("/tags/", "/tags/not-an-id", "/tags/analytics"):
        assert (await client.get(path)).status == 401, path
    assert (await client.post("/tags/", {"nonsense": 1})).status == 401
