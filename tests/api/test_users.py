from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser, sign_in

NEW = "another-Lantern-quite-47"


async def second_session(person: ApiClient) -> ApiClient:
    return await sign_in(person.anonymous(), person.user["email"], person.password)


async def test_the_account_is_shown_to_its_owner(new_user: NewUser) -> None:
    person = await new_user()
    body = (await person.get("/users/me")).json
    assert body["email"] == person.user["email"]
    assert body["profile_picture_url"] is None
    assert body["last_login_at"] is not None


async def test_name_and_picture_change_and_nothing_else_does(new_user: NewUser) -> None:
    person = await new_user()
    before = (await person.get("/users/me")).json
    changes = {
        "name": "Samuel",
        "profile_picture_url": "https://example.org/me.png",
        "email": "other@example.org",
        "role": "admin",
        "is_active": False,
        "id": "0195a1b2-0000-7000-8000-000000000001",
        "security_version": 99,
    }
    answer = await person.put("/users/me", changes)
    after = (await person.get("/users/me")).json
    assert answer.json == after
    differing = {key for key in after if after[key] != before[key]}
    assert differing == {"name", "profile_picture_url", "updated_at"}


@pytest.mark.parametrize("body", [{}, {"email": "x@example.org"}, {"name": None}])
async def test_a_change_of_nothing_is_refused(new_user: NewUser, body: dict[str, Any]) -> None:
    answer = await (await new_user()).put("/users/me", body)
    assert (answer.status, answer.detail) == (400, "No fields to update")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 101),
        ("name", ""),
        ("profile_picture_url", "javascript:alert(1)"),
        ("profile_picture_url", "https://example.org/" + "x" * 2083),
    ],
)
async def test_refused_fields_are_named(new_user: NewUser, field: str, value: str) -> None:
    answer = await (await new_user()).put("/users/me", {field: value})
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["body", field]


async def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(
    new_user: NewUser,
) -> None:
    person = await new_user()
    other = await second_session(person)
    changes = {"current_password": person.password, "new_password": NEW}
    assert (await person.put("/users/me", changes)).status == 200
    assert (await other.get("/users/me")).status == 401
    assert (await person.get("/users/me")).status == 200
    stale = {"email": person.user["email"], "password": person.password}
    assert (await person.anonymous().post("/auth/login", stale)).status == 401
    fresh = await sign_in(person.anonymous(), person.user["email"], NEW)
    assert (await fresh.get("/users/me")).status == 200


async def test_the_current_password_must_be_right(new_user: NewUser) -> None:
    person = await new_user()
    other = await second_session(person)
    changes = {"current_password": "wrong-Lantern-quite-47", "new_password": NEW}
    answer = await person.put("/users/me", changes)
    assert (answer.status, answer.detail) == (400, "Current password is incorrect")
    assert (await other.get("/users/me")).status == 200


@pytest.mark.parametrize("new", ["short77", "iloveyou", "x" * 257, "person-name"])
async def test_a_refused_new_password_is_named_and_not_echoed(new_user: NewUser, new: str) -> None:
    person = await new_user()
    await person.put("/users/me", {"name": "person-name"})
    changes = {"current_password": person.password, "new_password": new}
    answer = await person.put("/users/me", changes)
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["body", "new_password"]
    assert new not in answer.body.decode()


async def test_a_new_password_needs_the_current_one(new_user: NewUser) -> None:
    answer = await (await new_user()).put("/users/me", {"new_password": NEW})
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["body", "current_password"]


async def test_a_deleted_account_is_gone_with_its_sessions(new_user: NewUser) -> None:
    person = await new_user()
    other = await second_session(person)
    answer = await person.delete("/users/me")
    assert answer.json == {"message": "User account deleted successfully"}
    for session in (person, other):
        assert (await session.get("/users/me")).status == 401
    body = {"email": person.user["email"], "password": person.password}
    assert (await person.anonymous().post("/auth/login", body)).status == 401
    again = await new_user(person.user["email"])
    assert again.user["id"] != person.user["id"]


async def test_settings_have_defaults(new_user: NewUser) -> None:
    person = await new_user()
    body = (await person.get("/users/me/settings")).json
    assert body["user_id"] == person.user["id"]
    for field in ("user_id", "created_at", "updated_at"):
        body.pop(field)
    assert body == {
        "daily_prompt_enabled": True,
        "time_zone": "UTC",
        "push_notifications": True,
        "reminder_time": None,
        "writing_goal_daily": 500,
        "theme": "light",
        "start_of_week_day": 0,
        "time_format": "system",
        "keep_media_metadata": False,
    }


async def test_settings_change_one_by_one(new_user: NewUser) -> None:
    person = await new_user()
    changes = {
        "daily_prompt_enabled": False,
        "time_zone": "Europe/London",
        "push_notifications": False,
        "reminder_time": "21:30",
        "writing_goal_daily": 1,
        "theme": "dark",
        "start_of_week_day": 6,
        "time_format": "24h",
    }
    for field, value in changes.items():
        answer = await person.put("/users/me/settings", {field: value})
        assert answer.status == 200
        assert answer.json[field] == value
    kept = (await person.get("/users/me/settings")).json
    assert {field: kept[field] for field in changes} == changes
    assert (await person.get("/users/me")).json["time_zone"] == "Europe/London"


async def test_no_change_of_settings_is_fine(new_user: NewUser) -> None:
    person = await new_user()
    before = (await person.get("/users/me/settings")).json
    answer = await person.put("/users/me/settings", {"user_id": "me", "unknown": 1})
    assert (answer.status, answer.json) == (200, before)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "UTC-5"),
        ("time_zone", ""),
        ("time_zone", None),
        ("theme", "pink"),
        ("theme", None),
        ("writing_goal_daily", 0),
        ("writing_goal_daily", None),
        ("writing_goal_daily", 2**40),
        ("daily_prompt_enabled", None),
        ("daily_prompt_enabled", "perhaps"),
        ("push_notifications", None),
        ("reminder_time", "24:00"),
        ("reminder_time", "9:30"),
        ("reminder_time", "09:30\n"),
        ("start_of_week_day", 7),
        ("time_format", "roman"),
    ],
)
async def test_refused_settings_are_named(new_user: NewUser, field: str, value: Any) -> None:
    answer = await (await new_user()).put("/users/me/settings", {field: value})
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["body", field]


@pytest.mark.parametrize("path", ["/users/me", "/users/me/settings"])
async def test_strangers_see_nothing(client: ApiClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status, answer.detail) == (401, "Not authenticated")
