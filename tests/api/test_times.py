"""When entries happen, as HTTP tells it; the rules themselves are in tests/unit/domain."""

from __future__ import annotations

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json, write_entry, write_journal


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def journal(me: ApiClient) -> Json:
    return await write_journal(me)


def when(entry: Json) -> tuple[str, str, str]:
    return entry["entry_datetime_utc"], entry["entry_timezone"], entry["entry_date"]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("2026-03-01T10:00:00", "2026-03-01T10:00:00.000000Z"),
        ("2026-03-01T10:00:00.5+05:30", "2026-03-01T04:30:00.500000Z"),
        ("2026-03-01T10:00:00-14:00", "2026-03-02T00:00:00.000000Z"),
        (0, "1970-01-01T00:00:00.000000Z"),
        ("0001-01-02T00:00:00Z", "0001-01-02T00:00:00.000000Z"),
        ("9998-12-30T23:59:59.999999Z", "9998-12-30T23:59:59.999999Z"),
    ],
)
async def test_instants_are_understood_in_their_usual_spellings(
    me: ApiClient, journal: Json, sent: object, stored: str
) -> None:
    entry = await write_entry(me, journal, entry_datetime_utc=sent, entry_date="2020-02-02")
    assert when(entry) == (stored, "UTC", stored[:10])


async def test_without_a_zone_it_is_the_persons_own(me: ApiClient, journal: Json) -> None:
    await me.put("/users/me/settings", {"time_zone": "Pacific/Auckland"})
    for zone in (None, "", "  "):
        entry = await write_entry(
            me, journal, entry_datetime_utc="2026-03-01T12:00:00Z", entry_timezone=zone
        )
        assert when(entry)[1:] == ("Pacific/Auckland", "2026-03-02")


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("Pacific/Kiritimati", "2026-03-01T09:59:59Z", "2026-03-01"),
        ("Pacific/Kiritimati", "2026-03-01T10:00:00Z", "2026-03-02"),
        ("Pacific/Pago_Pago", "2026-03-01T10:59:59Z", "2026-02-28"),
        ("Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28"),
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
        ("America/New_York", "2024-03-01T04:59:59Z", "2024-02-29"),
        ("Europe/London", "1660-01-11T12:01:15Z", "1660-01-11"),
        ("Europe/London", "1660-01-12T00:01:14Z", "1660-01-11"),
    ],
)
async def test_the_day_is_that_of_the_zone(
    me: ApiClient, journal: Json, zone: str, instant: str, day: str
) -> None:
    entry = await write_entry(me, journal, entry_datetime_utc=instant, entry_timezone=zone)
    assert entry["entry_date"] == day
    found = (await me.get(f"/entries/date-range?start_date={day}&end_date={day}")).json
    assert [one["id"] for one in found] == [entry["id"]]


async def test_a_day_alone_is_that_day_in_the_zone(me: ApiClient, journal: Json) -> None:
    for day in ("2024-02-29", "2026-03-29", "2026-10-25", "0001-06-01", "9998-06-01"):
        entry = await write_entry(me, journal, entry_date=day, entry_timezone="Europe/Berlin")
        assert entry["entry_date"] == day


async def test_times_change_in_the_order_zone_instant_day(me: ApiClient, journal: Json) -> None:
    entry = await write_entry(me, journal, entry_datetime_utc="2026-01-10T23:30:00Z")
    path = f"/entries/{entry['id']}"
    zoned = (await me.put(path, {"entry_timezone": "Europe/Berlin"})).json
    assert when(zoned) == ("2026-01-10T23:30:00.000000Z", "Europe/Berlin", "2026-01-11")
    dated = (await me.put(path, {"entry_date": "2026-07-11"})).json
    assert when(dated) == ("2026-07-10T22:30:00.000000Z", "Europe/Berlin", "2026-07-11")
    both = {"entry_datetime_utc": "2026-01-01T12:00:00Z", "entry_date": "2026-01-05"}
    moved = (await me.put(path, both)).json
    assert when(moved) == ("2026-01-05T12:00:00.000000Z", "Europe/Berlin", "2026-01-05")
    blank = (await me.put(path, {"entry_timezone": " "})).json
    assert when(blank) == ("2026-01-05T12:00:00.000000Z", "UTC", "2026-01-05")
    refused = {"entry_timezone": "Nowhere/Land"}
    assert (await me.put(path, refused)).status == 422
    assert (await me.put(path, {"entry_date": "9999-01-01"})).status == 422
    assert when((await me.get(path)).json) == when(blank)


async def test_a_moved_day_moves_streak_and_counters(me: ApiClient, journal: Json) -> None:
    await write_entry(me, journal, entry_date="2026-01-01")
    entry = await write_entry(me, journal, entry_date="2026-01-05")
    await me.put(f"/entries/{entry['id']}", {"entry_date": "2026-01-02"})
    streak = (await me.get("/analytics/writing-streak")).json
    assert (streak["current_streak"], streak["last_entry_date"]) == (2, "2026-01-02")
    last = (await me.get(f"/journals/{journal['id']}")).json["last_entry_at"]
    assert last[:10] == "2026-01-02"


async def test_an_attached_mood_moves_with_its_entry(me: ApiClient, journal: Json) -> None:
    entry = await write_entry(me, journal, entry_date="2026-01-05")
    mood = (await me.get("/moods/")).json[0]["id"]
    await me.post("/moods/log", {"mood_id": mood, "entry_id": entry["id"]})
    await me.put(f"/entries/{entry['id']}", {"entry_date": "2026-01-02"})
    [log] = (await me.get("/moods/logs")).json
    assert log["logged_date"] == "2026-01-02"


@pytest.mark.parametrize("zone", ["localtime", "Factory"])
async def test_a_zone_means_the_same_on_every_machine(
    me: ApiClient, journal: Json, zone: str
) -> None:
    body = {"title": "t", "content": "c", "journal_id": journal["id"], "entry_timezone": zone}
    assert (await me.post("/entries/", body)).status == 422
    assert (await me.put("/users/me/settings", {"time_zone": zone})).status == 422
