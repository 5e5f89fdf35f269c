from __future__ import annotations

import hashlib

import pytest

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json, write_entry, write_journal
from tests.api.pictures import new_entry, png, send, sent, settled


@pytest.fixture
async def person(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def entry(person: ApiClient) -> Json:
    return await new_entry(person)


async def test_a_picture_goes_in_and_comes_out_whole(person: ApiClient, entry: Json) -> None:
    data = png(640, 480)
    medium = await sent(person, entry, data)
    assert medium["entry_id"] == medium["moment_id"] == entry["id"]
    assert (medium["media_type"], medium["mime_type"]) == ("image", "image/png")
    assert (medium["file_size"], medium["checksum"]) == (len(data), digest(data))
    assert (medium["width"], medium["height"]) == (640, 480)
    assert medium["original_filename"] == "row.png"
    assert medium["origin"]["source"] == "internal"
    got = await person.get(f"/media/{medium['id']}")
    assert (got.status, got.body) == (200, data)
    assert got.headers["Content-Type"] == "image/png"


async def test_its_thumbnail_follows(person: ApiClient, entry: Json) -> None:
    medium = await settled(person, await sent(person, entry, png(640, 480)))
    assert medium["upload_status"] == "completed"
    thumbnail = await person.get(f"/media/{medium['id']}/thumbnail")
    assert (thumbnail.status, thumbnail.headers["Content-Type"]) == (200, "image/webp")
    assert thumbnail.body[:4] == b"RIFF"
    assert medium["thumbnail_path"].endswith("_thumbnail.webp")
    assert (await person.get(f"/media/{medium['id']}/thumbnail?size=medium")).status == 200


async def test_before_it_is_made_a_thumbnail_is_not_found(person: ApiClient) -> None:
    missing = await person.get(f"/media/{new_id()}/thumbnail")
    assert (missing.status, missing.detail) == (404, "Media not found")


async def test_an_entry_lists_its_media_in_order(person: ApiClient, entry: Json) -> None:
    made = [await sent(person, entry, png(seed=seed)) for seed in range(3)]
    listed = (await person.get(f"/entries/{entry['id']}/media")).json
    assert [one["id"] for one in listed] == [one["id"] for one in made]
    missing = await person.get(f"/entries/{new_id()}/media")
    assert (missing.status, missing.detail) == (404, "Entry not found")


async def test_deleting_a_medium_ends_it(person: ApiClient, entry: Json) -> None:
    medium = await sent(person, entry, png())
    path = f"/media/{medium['id']}"
    gone = await person.delete(path)
    assert gone.json == {"message": "Media deleted successfully", "media_id": medium["id"]}
    for answer in (
        await person.get(path),
        await person.delete(path),
        await person.get(path + "/info"),
    ):
        assert (answer.status, answer.detail) == (404, "Media not found")
    assert (await person.get(f"/entries/{entry['id']}/media")).json == []


async def test_UPL_10_the_same_file_twice_is_one_medium(person: ApiClient, entry: Json) -> None:
    first, again = await sent(person, entry, png()), await sent(person, entry, png())
    assert first["id"] == again["id"]
    assert len((await person.get(f"/entries/{entry['id']}/media")).json) == 1


async def test_the_same_file_on_two_entries_is_kept_once_and_outlives_one_of_them(
    person: ApiClient,
) -> None:
    journal = await write_journal(person)
    one, two = await write_entry(person, journal), await write_entry(person, journal)
    first = await settled(person, await sent(person, one, png()))
    second = await sent(person, two, png())
    assert first["id"] != second["id"]
    assert first["file_path"] == second["file_path"]
    assert second["upload_status"] == "completed"
    assert (await person.delete(f"/media/{first['id']}")).status == 200
    assert (await person.get(f"/media/{second['id']}")).body == png()
    assert (await person.get(f"/media/{second['id']}/thumbnail")).status == 200


async def test_two_people_never_share_bytes(person: ApiClient, new_user: NewUser) -> None:
    other = await new_user()
    ours = await sent(person, await new_entry(person), png())
    theirs = await sent(other, await new_entry(other), png())
    assert ours["file_path"] != theirs["file_path"]
    assert ours["file_path"].startswith(person.user["id"])


@pytest.mark.parametrize("field", ["file", "entry_id"])
async def test_what_is_missing_is_named(person: ApiClient, entry: Json, field: str) -> None:
    answer = await send(
        person,
        None if field == "entry_id" else entry["id"],
        None if field == "file" else png(),
        alt_text="A row of trees",
    )
    assert answer.status == 422
    assert [error["loc"] for error in answer.json["errors"]] == [["body", field]]


async def test_a_moment_is_an_entry(person: ApiClient, entry: Json) -> None:
    answer = await send(person, None, png(), moment_id=entry["id"], alt_text="Trees")
    assert (answer.status, answer.json["alt_text"]) == (201, "Trees")


async def test_an_unknown_entry_gets_nothing(person: ApiClient) -> None:
    answer = await send(person, new_id(), png())
    assert (answer.status, answer.detail) == (404, "Entry not found")


async def test_an_empty_file_is_refused(person: ApiClient, entry: Json) -> None:
    answer = await send(person, entry["id"], b"")
    assert (answer.status, answer.detail) == (400, "The file is empty.")


async def test_what_is_seen_on_it_can_be_said_later(person: ApiClient, entry: Json) -> None:
    medium = await sent(person, entry, png())
    changed = await person.put(f"/media/{medium['id']}", {"alt_text": "A harbour"})
    assert (changed.status, changed.json["alt_text"]) == (200, "A harbour")
    long = await person.put(f"/media/{medium['id']}", {"alt_text": "x" * 501})
    assert long.status == 422


async def test_info_says_what_is_known_and_no_path_of_the_server(
    person: ApiClient, entry: Json
) -> None:
    medium = await sent(person, entry, png(8, 6))
    info = (await person.get(f"/media/{medium['id']}/info")).json
    assert (info["width"], info["height"], info["mime_type"]) == (8, 6, "image/png")
    assert not info["file_path"].startswith("/")


async def test_the_library_goes_back_page_by_page(person: ApiClient) -> None:
    journal = await write_journal(person)
    made = []
    for number in range(5):
        made.append(await sent(person, await write_entry(person, journal), png(seed=number)))
    seen: list[str] = []
    query = "limit=2"
    while True:
        page = (await person.get(f"/media?{query}")).json
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor_id"] is None:
            break
        at = page["next_cursor_created_at"]
        query = f"limit=2&cursor_created_at={at}&cursor_id={page['next_cursor_id']}"
    assert seen == [one["id"] for one in reversed(made)]
    half = await person.get(f"/media?cursor_id={new_id()}")
    assert half.status == 400 or half.status == 422
    for query, found in (
        (f"journal_id={journal['id']}", 5), (f"journal_id={new_id()}", 0),
        ("media_type=image", 5), ("media_type=video", 0),
    ):  # fmt: skip
        assert len((await person.get(f"/media?{query}")).json["items"]) == found, query
    assert (await person.get("/media?media_type=tape")).status == 422


async def test_the_library_goes_back_by_the_days_of_entries_too(person: ApiClient) -> None:
    journal = await write_journal(person)
    days = ("2023-05-02", "2025-01-31", "2024-02-29")
    made = {}
    for seed, day in enumerate(days):
        made[day] = await write_entry(person, journal, entry_date=day)
        await sent(person, made[day], png(seed=seed))
    await sent(person, made["2024-02-29"], png(seed=9))
    seen: list[Json] = []
    query = "order=entry&limit=1"
    while (page := (await person.get(f"/media?{query}")).json)["items"]:
        seen += page["items"]
        at, last = page["next_cursor_created_at"], page["next_cursor_id"]
        query = f"order=entry&limit=1&cursor_created_at={at}&cursor_id={last}"
    expected = ["2025-01-31", "2024-02-29", "2024-02-29", "2023-05-02"]
    assert [one["entry_day"] for one in seen] == expected
    assert [one["entry_id"] for one in seen] == [made[day]["id"] for day in expected]
    assert len({one["id"] for one in seen}) == 4
    assert seen[0]["entry_at"] == made["2025-01-31"]["entry_datetime_utc"]
    assert (await person.get("/media?order=size")).status == 422


async def test_usage_is_counted(person: ApiClient, entry: Json) -> None:
    await sent(person, entry, png(seed=1))
    await sent(person, entry, png(seed=2))
    usage = (await person.get("/media/usage")).json
    assert usage["files"] == 2
    assert usage["bytes"] == len(png(seed=1)) + len(png(seed=2))
    assert usage["quota_bytes"] == 10_240 * 1024 * 1024


async def test_formats_are_told_to_who_signed_in(person: ApiClient, client: ApiClient) -> None:
    formats = (await person.get("/media/formats")).json
    assert "image/jpeg" in formats["images"]
    assert "audio/wav" in formats["audio"]
    assert (await client.anonymous().get("/media/formats")).status == 401


async def test_media_of_an_entry_in_the_trash_are_not_there_until_it_comes_back(
    person: ApiClient, entry: Json
) -> None:
    medium = await sent(person, entry, png())
    await person.delete(f"/entries/{entry['id']}")
    for path in (f"/media/{medium['id']}", f"/media/{medium['id']}/info"):
        assert (await person.get(path)).status == 404
    assert (await person.get("/media")).json["items"] == []
    await person.post(f"/trash/{entry['id']}/restore")
    assert (await person.get(f"/media/{medium['id']}")).body == png()


async def test_processing_can_be_asked_for_and_happens_anyway(
    person: ApiClient, entry: Json
) -> None:
    await sent(person, entry, png())
    answer = await person.post(f"/media/process/{entry['id']}")
    assert answer.json == {"message": "Processed 1 media files", "entry_id": entry["id"]}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def test_a_search_can_ask_for_entries_with_media(person: ApiClient) -> None:
    journal = await write_journal(person)
    with_media = await write_entry(person, journal, content="harbour")
    without = await write_entry(person, journal, content="harbour")
    medium = await sent(person, with_media, png())
    for asked, found in (("true", [with_media["id"]]), ("false", [without["id"]])):
        hits = (await person.get(f"/entries/search?q=harbour&has_media={asked}")).json
        assert [hit["id"] for hit in hits] == found
    await person.delete(f"/media/{medium['id']}")
    assert (await person.get("/entries/search?q=harbour&has_media=true")).json == []


async def test_days_and_the_timeline_show_the_first_picture(person: ApiClient) -> None:
    journal = await write_journal(person)
    day = {"entry_date": "2026-05-01"}
    late = await write_entry(person, journal, **day, entry_datetime_utc="2026-05-01T18:00:00Z")
    early = await write_entry(person, journal, **day, entry_datetime_utc="2026-05-01T08:00:00Z")
    await settled(person, await sent(person, late, png(seed=1)))
    first = await settled(person, await sent(person, early, png(seed=2)))
    await settled(person, await sent(person, early, png(seed=3)))
    shown = (await person.get("/days?from=2026-05-01&to=2026-05-01")).json[0]["thumbnail_url"]
    assert first["id"] in shown
    assert (await person.anonymous().get(shown, root=True)).status == 200
    moments = {one["id"]: one["thumbnail_url"] for one in (await person.get("/timeline")).json}
    assert first["id"] in moments[early["id"]]
    assert moments[late["id"]] is not None
    bare = await write_entry(person, journal)
    moments = {one["id"]: one["thumbnail_url"] for one in (await person.get("/timeline")).json}
    assert moments[bare["id"]] is None
