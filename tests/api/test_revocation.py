"""What ends which sessions and personal access tokens (security.md D8), cell by cell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.test_totp import code, knock, server, signed_in, switch_on

__all__ = ["server", "signed_in"]

NEW = "another-Lantern-quite-48"
WEB = {"X-Client": "web", "Content-Type": "application/json"}


@dataclass
class Person:
    """Somebody with two sessions, one of them a browser's, and a personal access token."""

    here: ApiClient
    there: ApiClient
    token: ApiClient
    cookie: str
    codes: list[str]

    async def lives(self) -> tuple[bool, bool, bool]:
        """Say whether this session, the other one and the token are good."""
        answers = [await one.get("/users/me") for one in (self.here, self.there, self.token)]
        return answers[0].status == 200, answers[1].status == 200, answers[2].status == 200


@pytest.fixture
async def person(new_user: NewUser) -> Person:
    here = await new_user()
    secret, codes = await switch_on(here)
    asked = (await knock(here)).json["mfa_token"]
    body = {"mfa_token": asked, "code": code(secret)}
    entered = await here.anonymous().post("/auth/mfa", body, headers=WEB)
    made = await here.post("/tokens", {"name": "script", "scopes": ["profile:read"]})
    return Person(
        here,
        here.with_token(entered.json["access_token"]),
        here.with_token(made.json["token"]),
        _cookie(entered.headers.getall("Set-Cookie")),
        codes,
    )


def _cookie(headers: list[str]) -> str:
    jar: SimpleCookie = SimpleCookie()
    for header in headers:
        jar.load(header)
    return f"jrt={jar['jrt'].value}"


async def logout(person: Person, admin: ApiClient) -> None:
    assert (await person.there.post("/auth/logout")).status == 200


async def end_session(person: Person, admin: ApiClient) -> None:
    listed = (await person.here.get("/sessions")).json
    [other] = [one["id"] for one in listed if not one["is_current"]]
    assert (await person.here.delete(f"/sessions/{other}")).status == 204


async def end_others(person: Person, admin: ApiClient) -> None:
    assert (await person.here.delete("/sessions")).status == 204


async def end_all_by_administrator(person: Person, admin: ApiClient) -> None:
    path = f"/admin/users/{person.here.user['id']}/sessions"
    assert (await person.here.delete(path)).status == 403
    assert (await admin.delete(path)).status == 204


async def change_password(person: Person, admin: ApiClient) -> None:
    body = {"current_password": person.here.password, "new_password": NEW}
    assert (await person.here.put("/users/me", body)).status == 200


async def change_password_and_keep(person: Person, admin: ApiClient) -> None:
    body = {"current_password": person.here.password, "new_password": NEW}
    changed = await person.here.put("/users/me", {**body, "keep_access_tokens": True})
    assert changed.status == 200


async def reset(person: Person, admin: ApiClient) -> None:
    link = (await admin.post(f"/admin/users/{person.here.user['id']}/reset-link")).json["token"]
    body = {"token": link, "password": NEW}
    assert (await person.here.anonymous().post("/auth/reset", body)).status == 204


async def password_from_administrator(person: Person, admin: ApiClient) -> None:
    await _by(admin, person, password=NEW)


async def factor_off(person: Person, admin: ApiClient) -> None:
    body = {"code": person.codes[0]}
    assert (await person.here.post("/users/me/totp/disable", body)).status == 204


async def factor_off_by_administrator(person: Person, admin: ApiClient) -> None:
    assert (await admin.delete(f"/admin/users/{person.here.user['id']}/totp")).status == 204


async def disable(person: Person, admin: ApiClient) -> None:
    await _by(admin, person, is_active=False)


async def disable_and_enable(person: Person, admin: ApiClient) -> None:
    await _by(admin, person, is_active=False)
    await _by(admin, person, is_active=True)


async def delete(person: Person, admin: ApiClient) -> None:
    assert (await admin.delete(f"/admin/users/{person.here.user['id']}")).status == 200


async def change_role(person: Person, admin: ApiClient) -> None:
    await _by(admin, person, role="admin")
    assert (await person.here.get("/admin/users?limit=1")).status == 200
    await _by(admin, person, role="user")
    assert (await person.here.get("/admin/users?limit=1")).status == 403


async def rename(person: Person, admin: ApiClient) -> None:
    assert (await person.here.put("/users/me", {"name": "Other"})).status == 200


async def reuse(person: Person, admin: ApiClient) -> None:
    cookie = person.cookie
    for _ in range(2):
        answer = await person.here.anonymous().post(
            "/auth/refresh", {}, headers={**WEB, "Cookie": cookie}
        )
        assert answer.status == 200
        cookie = _cookie(answer.headers.getall("Set-Cookie"))
    again = await person.here.anonymous().post(
        "/auth/refresh", {}, headers={**WEB, "Cookie": person.cookie}
    )
    assert again.status == 401


async def _by(admin: ApiClient, person: Person, **changes: object) -> None:
    answer = await admin.patch(f"/admin/users/{person.here.user['id']}", changes)
    assert answer.status == 200, answer.json


MATRIX = [
    # what happens, whether this session, the other one and the token are good afterwards
    (rename, (True, True, True)),
    (logout, (True, False, True)),
    (end_session, (True, False, True)),
    (end_others, (True, False, True)),
    (end_all_by_administrator, (False, False, True)),
    (reuse, (True, False, True)),
    (change_password, (True, False, False)),
    (change_password_and_keep, (True, False, True)),
    (reset, (False, False, False)),
    (password_from_administrator, (False, False, False)),
    (factor_off, (True, False, True)),
    (factor_off_by_administrator, (False, False, True)),
    (change_role, (True, True, True)),
    (disable, (False, False, False)),
    (disable_and_enable, (False, False, True)),
    (delete, (False, False, False)),
]


@pytest.mark.parametrize(("act", "left"), MATRIX, ids=[act.__name__ for act, _ in MATRIX])
async def test_what_ends(
    person: Person,
    admin: ApiClient,
    act: Callable[[Person, ApiClient], Awaitable[None]],
    left: tuple[bool, bool, bool],
) -> None:
    assert await person.lives() == (True, True, True)
    await act(person, admin)
    assert await person.lives() == left


async def test_an_ended_session_is_not_renewed_either(person: Person) -> None:
    await change_password(person, person.here)
    headers = {**WEB, "Cookie": person.cookie}
    renewed = await person.here.anonymous().post("/auth/refresh", {}, headers=headers)
    assert renewed.status == 401
