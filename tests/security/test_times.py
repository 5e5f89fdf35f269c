"""Times at their edges: summer time, far zones, first and last years, zones that go (TZ-1 to 6)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession

from tests.api import database
from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer, register
from tests.api.diary import Json, write_entry, write_journal

RANGE = "from 0001-01-02 to 9998-12-30 in UTC"


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def journal(me: ApiClient) -> Json:
    return await write_journal(me)


def when(entry: Json) -> tuple[str, str]:
    return entry["entry_datetime_utc"], entry["entry_date"]


async def test_TZ_1_both_times_an_hour_comes_twice_are_kept_apart(
    me: ApiClient, journal: Json
) -> None:
    berlin = {"entry_timezone": "Europe/Berlin"}
    first = await write_entry(me, journal, entry_datetime_utc="2026-10-25T00:30:00Z", **berlin)
    second = await write_entry(me, journal, entry_datetime_utc="2026-10-25T01:30:00Z", **berlin)
    assert when(first) == ("2026-10-25T00:30:00.000000Z", "2026-10-25")
    assert when(second) == ("2026-10-25T01:30:00.000000Z", "2026-10-25")
    listed = (await me.get("/entries/")).json
    assert [entry["id"] for entry in listed] == [second["id"], first["id"]]


@pytest.mark.parametrize(
    ("moved_to", "instant"),
    [
        ("2026-03-29", "2026-03-29T01:30:00.000000Z"),  # 02:30 does not exist: 03:30 is shown
        ("2026-10-25", "2026-10-25T00:30:00.000000Z"),  # 02:30 comes twice: the first
        ("2026-07-01", "2026-07-01T00:30:00.000000Z"),
    ],
)
async def test_TZ_1_a_day_moves_an_entry_into_gaps_and_overlaps(
    me: ApiClient, journal: Json, moved_to: str, instant: str
) -> None:
    entry = await write_entry(
        me, journal, entry_datetime_utc="2026-01-10T01:30:00Z", entry_timezone="Europe/Berlin"
    )
    moved = await me.put(f"/entries/{entry['id']}", {"entry_date": moved_to})
    assert when(moved.json) == (instant, moved_to)


async def test_TZ_2_fourteen_hours_to_both_sides(me: ApiClient, journal: Json) -> None:
    for offset, instant in (("+14:00", "2026-02-28T22:00:00"), ("-14:00", "2026-03-02T02:00:00")):
        sent = f"2026-03-01T12:00:00{offset}"
        entry = await write_entry(me, journal, entry_datetime_utc=sent)
        assert when(entry)[0] == f"{instant}.000000Z"
    for zone, day in (("Etc/GMT-14", "2026-03-02"), ("Etc/GMT+12", "2026-03-01")):
        entry = await write_entry(
            me, journal, entry_datetime_utc="2026-03-01T12:00:00Z", entry_timezone=zone
        )
        assert when(entry)[1] == day


@pytest.mark.parametrize(
    "instant",
    ["2026-03-01T12:00:00+24:00", "2026-03-01T12:00:00+99:99", "2026-03-01T12:00:00 Europe/Berlin"],
)
async def test_TZ_2_no_zone_has_such_an_offset(me: ApiClient, journal: Json, instant: str) -> None:
    body = {"title": "t", "content": "c", "journal_id": journal["id"]}
    assert (await me.post("/entries/", {**body, "entry_datetime_utc": instant})).status == 422


@pytest.mark.parametrize(
    "instant",
    [
        "0001-01-01T23:59:59Z", "9998-12-31T00:00:00Z", "0001-01-02T00:00:00+01:00",
        "9998-12-30T23:59:59-01:00", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z", 253402300799, 253402300800, -62135596800, 1e300,
    ],
)  # fmt: skip
async def test_TZ_3_an_instant_outside_the_years_is_told_the_range(
    me: ApiClient, journal: Json, instant: object
) -> None:
    body = {"title": "t", "content": "c", "journal_id": journal["id"]}
    answer = await me.post("/entries/", {**body, "entry_datetime_utc": instant})
    assert answer.status == 422
    assert RANGE in answer.detail


async def test_TZ_3_the_first_and_last_days_that_are_kept(me: ApiClient, journal: Json) -> None:
    for instant in ("0001-01-02T00:00:00.000000Z", "9998-12-30T23:59:59.999999Z"):
        for zone in ("UTC", "Pacific/Kiritimati", "Etc/GMT+12"):
            entry = await write_entry(me, journal, entry_datetime_utc=instant, entry_timezone=zone)
            assert (await me.get(f"/entries/{entry['id']}")).json == entry
    for path in ("/entries/", "/timeline", "/days?from=0001-01-01&to=9999-12-31"):
        assert (await me.get(path)).status in (200, 422)
    assert (await me.get("/analytics/writing-streak")).status == 200


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2024-02-29", 201), ("2000-02-29", 201), ("1600-02-29", 201),
        ("2023-02-29", 422), ("1900-02-29", 422), ("2024-02-30", 422), ("2024-2-29", 422),
        ("0000-12-31", 422), ("9999-12-31", 422),
    ],
)  # fmt: skip
async def test_TZ_3_leap_days(me: ApiClient, journal: Json, day: str, status: int) -> None:
    body = {"title": "t", "content": "c", "journal_id": journal["id"], "entry_date": day}
    assert (await me.post("/entries/", body)).status == status


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "US/Pacific", "Europe/Kiev", "GMT", "EST5EDT"])
async def test_TZ_4_old_names_of_zones_go_on(me: ApiClient, journal: Json, zone: str) -> None:
    entry = await write_entry(me, journal, entry_timezone=zone, entry_date="2026-03-01")
    assert (entry["entry_timezone"], entry["entry_date"]) == (zone, "2026-03-01")


@pytest.mark.parametrize(
    "zone",
    [
        "Mars/Olympus", "europe/berlin ", "../../etc/passwd", "/etc/localtime", "+02:00",
        "localtime", "posixrules", "tzdata.zi", "Europe", "x" * 50, "Europe/Berlin\x00",
    ],
)  # fmt: skip
async def test_TZ_4_what_is_no_zone_is_refused(me: ApiClient, journal: Json, zone: str) -> None:
    body = {"title": "t", "content": "c", "journal_id": journal["id"], "entry_timezone": zone}
    assert (await me.post("/entries/", body)).status == 422
    assert (await me.put("/users/me/settings", {"time_zone": zone})).status == 422


async def test_TZ_4_an_entry_outlives_its_zone(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    me = await register(ApiClient(session, server.url, server.contract), "a@example.org")
    entry = await write_entry(me, await write_journal(me), entry_date="2026-03-01")
    path = f"/entries/{entry['id']}"
    database.run(server, "UPDATE moments SET zone = 'Gone/Land'")
    database.run(server, "UPDATE settings SET time_zone = 'Gone/Land'")
    assert (await me.get(path)).json["entry_date"] == "2026-03-01"
    assert (await me.put(path, {"title": "still mine"})).json["entry_date"] == "2026-03-01"
    for read in ("/entries/", "/timeline", "/analytics/writing-streak", "/users/me/settings"):
        assert (await me.get(read)).status == 200
    moved = await me.put(path, {"entry_date": "2026-03-02"})
    assert (moved.status, moved.json["errors"][0]["loc"]) == (422, ["body", "entry_timezone"])
    new = {"title": "t", "content": "c", "journal_id": entry["journal_id"]}
    unsaid = await me.post("/entries/", new)
    assert (unsaid.status, unsaid.json["errors"][0]["loc"]) == (422, ["body", "entry_timezone"])
    berlin = {"entry_timezone": "Europe/Berlin"}
    assert (await me.put(path, {**berlin, "entry_date": "2026-03-02"})).status == 200
    assert (await me.post("/entries/", {**new, **berlin})).status == 201


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/St_Johns", "Pacific/Pago_Pago"])
async def test_TZ_5_the_zone_of_the_server_changes_nothing(
    start_server: StartServer, session: ClientSession, zone: str
) -> None:
    server = start_server(TZ=zone)
    me = await register(ApiClient(session, server.url, server.contract), "a@example.org")
    journal = await write_journal(me)
    given = await write_entry(me, journal, entry_datetime_utc="2026-03-01T23:30:00Z")
    assert when(given) == ("2026-03-01T23:30:00.000000Z", "2026-03-01")
    naive = await write_entry(me, journal, entry_datetime_utc="2026-03-01T23:30:00")
    assert when(naive) == when(given)
    before = datetime.now(UTC)
    now = await write_entry(me, journal)
    written = datetime.fromisoformat(now["created_at"])
    assert before <= written <= datetime.now(UTC)
    assert now["entry_date"] == now["entry_datetime_utc"][:10]


async def test_TZ_6_entries_of_a_traveller_keep_their_day(me: ApiClient, journal: Json) -> None:
    at = {"entry_datetime_utc": "2026-03-01T12:00:00Z"}
    await me.put("/users/me/settings", {"time_zone": "Pacific/Kiritimati"})
    there = await write_entry(me, journal, **at)
    await me.put("/users/me/settings", {"time_zone": "Pacific/Pago_Pago"})
    here = await write_entry(me, journal, **at)
    assert (there["entry_date"], here["entry_date"]) == ("2026-03-02", "2026-03-01")
    again = (await me.get(f"/entries/{there['id']}")).json
    assert (again["entry_date"], again["entry_timezone"]) == ("2026-03-02", "Pacific/Kiritimati")
    changed = await me.put(f"/entries/{there['id']}", {"content": "Written on the way."})
    assert changed.json["entry_date"] == "2026-03-02"
