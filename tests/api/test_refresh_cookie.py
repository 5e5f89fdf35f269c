from __future__ import annotations

from http.cookies import Morsel, SimpleCookie

import pytest
from aiohttp import ClientSession

from tests.api.client import Answer, ApiClient
from tests.api.conftest import PASSWORD, NewUser, StartServer, register

WEB = {"X-Journiv-Client": "pwa"}
JSON = {"Content-Type": "application/json"}


def cookie(answer: Answer, name: str = "jrt") -> Morsel[str]:
    return SimpleCookie(answer.headers["Set-Cookie"])[name]


async def web_sign_in(person: ApiClient, **headers: str) -> Answer:
    body = {"email": person.user["email"], "password": person.password}
    return await person.anonymous().post("/auth/login", body, headers={**WEB, **headers})


async def refresh(person: ApiClient, token: str, **headers: str) -> Answer:
    sent = {**JSON, **WEB, **headers, "Cookie": f"jrt={token}"}
    return await person.anonymous().post("/auth/refresh", headers=sent)


async def test_a_web_client_gets_its_refresh_token_in_a_cookie_alone(new_user: NewUser) -> None:
    answer = await web_sign_in(await new_user())
    kept = cookie(answer)
    assert answer.json["refresh_token"] is None
    assert kept.value.startswith("jr1.")
    assert kept.value not in answer.body.decode()
    assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "Strict", "/")
    assert (kept["secure"], kept["domain"]) == ("", "")
    assert 604_790 <= int(kept["max-age"]) <= 604_800


async def test_over_https_the_cookie_is_bound_to_the_host(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(DOMAIN_NAME="diary.example.org", DOMAIN_SCHEME="https")
    person = await register(ApiClient(session, server.url, server.contract), "a@example.org")
    kept = cookie(await web_sign_in(person), "__Host-jrt")
    assert (kept["secure"], kept["httponly"], kept["path"]) == (True, True, "/")
    assert (kept["samesite"], kept["domain"]) == ("Strict", "")
    for origin, status in (("http://diary.example.org", 403), ("https://diary.example.org", 200)):
        sent = {**JSON, **WEB, "Origin": origin, "Cookie": f"__Host-jrt={kept.value}"}
        assert (await person.post("/auth/refresh", headers=sent)).status == status


@pytest.mark.parametrize("headers", [{"X-Client": "web"}, {"X-Journiv-Client": "WEB"}])
async def test_a_web_client_may_say_so_in_other_words(
    new_user: NewUser, headers: dict[str, str]
) -> None:
    person = await new_user()
    body = {"email": person.user["email"], "password": PASSWORD}
    answer = await person.anonymous().post("/auth/login", body, headers=headers)
    assert cookie(answer).value


async def test_other_clients_get_no_cookie(new_user: NewUser) -> None:
    answer = await web_sign_in(await new_user(), **{"X-Journiv-Client": "legacy"})
    assert "Set-Cookie" not in answer.headers
    assert answer.json["refresh_token"]


@pytest.mark.parametrize("header", ["X-Journiv-Client", "X-Client"])
async def test_an_unknown_kind_of_client_is_refused(client: ApiClient, header: str) -> None:
    body = {"email": "a@example.org", "password": PASSWORD}
    answer = await client.post("/auth/login", body, headers={header: "toaster"})
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["header", header]


async def test_a_cookie_session_rotates_strictly(new_user: NewUser) -> None:
    person = await new_user()
    first = cookie(await web_sign_in(person)).value
    answer = await refresh(person, first)
    second = cookie(answer).value
    assert (answer.status, answer.json["refresh_token"]) == (200, None)
    assert second != first
    third = cookie(await refresh(person, second)).value
    assert (await refresh(person, first)).status == 401
    assert (await refresh(person, third)).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
    ],
)
async def test_another_sites_page_cannot_use_the_cookie(
    new_user: NewUser, headers: dict[str, str]
) -> None:
    person = await new_user()
    kept = cookie(await web_sign_in(person)).value
    assert (await refresh(person, kept, **headers)).status == 403
    assert (await refresh(person, kept)).status == 200


async def test_a_cookie_without_the_clients_own_header_is_not_used(new_user: NewUser) -> None:
    person = await new_user()
    kept = cookie(await web_sign_in(person)).value
    sent = {**JSON, "Cookie": f"jrt={kept}"}
    assert (await person.anonymous().post("/auth/refresh", headers=sent)).status == 403


async def test_our_own_page_may_use_the_cookie(new_user: NewUser) -> None:
    person = await new_user()
    kept = cookie(await web_sign_in(person)).value
    headers = {"Origin": person.url, "Sec-Fetch-Site": "same-origin"}
    assert (await refresh(person, kept, **headers)).status == 200


async def test_a_cookie_alone_opens_no_data(new_user: NewUser) -> None:
    person = await new_user()
    answer = await web_sign_in(person)
    for value in (cookie(answer).value, answer.json["access_token"]):
        headers = {"Cookie": f"jrt={value}; access_token={value}"}
        assert (await person.anonymous().get("/users/me", headers=headers)).status == 401


async def test_a_planted_cookie_never_becomes_the_session(new_user: NewUser) -> None:
    person = await new_user()
    planted = cookie(await web_sign_in(person)).value
    answer = await web_sign_in(person, Cookie=f"jrt={planted}")
    assert cookie(answer).value.split(".")[1] != planted.split(".")[1]


async def test_logging_out_takes_the_cookie_away(new_user: NewUser) -> None:
    person = await new_user()
    signed_in = await web_sign_in(person)
    answer = await person.with_token(signed_in.json["access_token"]).post("/auth/logout")
    assert (cookie(answer).value, cookie(answer)["max-age"]) == ("", "0")
    assert (await refresh(person, cookie(signed_in).value)).status == 401
