"""§4.2 ENU: whether an account exists is nobody's business."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from tests.api.client import ApiClient
from tests.api.conftest import PASSWORD, StartServer, register
from tests.api.server import ServerProcess
from tests.security.raw import Raw, ask

JSON = "Content-Type: application/json"
KINDS = ("unknown", "known", "disabled", "provider-only")
VARIES = frozenset({"x-request-id", "date"})
DISABLE = "UPDATE users SET is_active = 0 WHERE email = 'disabled@example.org'"
MOVE = """
    UPDATE identities SET provider = 'oidc', subject = 'https://id.example.org|4711'
    WHERE subject = 'provider-only@example.org'
"""


def accounts(server: ServerProcess) -> None:
    """Make an account of each kind, with the same password."""
    for kind in ("admin", "known", "disabled", "provider-only"):
        account = {"email": f"{kind}@example.org", "name": "Sam", "password": PASSWORD}
        server.post("/api/v1/auth/register", account)
    with closing(sqlite3.connect(server.folder / "data" / "journiv.db")) as opened, opened:
        for change in (DISABLE, MOVE):
            assert opened.execute(change).rowcount == 1


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with an account of each kind, which hashes as in earnest."""
    process = ServerProcess(tmp_path_factory.mktemp("kinds"), {"ARGON2_PROFILE": "standard"})
    process.start()
    accounts(process)
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


async def guess(server: ServerProcess, kind: str, password: str, source: str = "127.0.0.1") -> Raw:
    body = orjson.dumps({"email": f"{kind}@example.org", "password": password})
    return await ask(server, "POST", "/api/v1/auth/login", JSON, body=body, source=source)


def told(answer: Raw) -> tuple[object, ...]:
    """Return everything of an answer that may tell something."""
    headers = [(name, value) for name, value in answer.headers if name not in VARIES]
    body = {name: value for name, value in answer.json.items() if name != "request_id"}
    return answer.status, headers, body


@pytest.mark.parametrize("password", ["wrong", "", "x" * 300, "Ångström", "a\x00b"])
@pytest.mark.parametrize("way", ["login", "token"])
async def test_ENU_1_a_failed_sign_in_tells_nothing(
    kinds: ServerProcess, way: str, password: str
) -> None:
    answers = [await _way(kinds, way, kind, password) for kind in KINDS]
    assert answers[0].status in (401, 422)
    assert [told(answer) for answer in answers] == [told(answers[0])] * len(KINDS)


async def _way(server: ServerProcess, way: str, kind: str, password: str) -> Raw:
    if way == "login":
        return await guess(server, kind, password)
    form = f"grant_type=password&username={kind}@example.org&password={password}".encode()
    kind_of_form = "Content-Type: application/x-www-form-urlencoded"
    return await ask(server, "POST", "/api/v1/auth/token", kind_of_form, body=form)


async def test_ENU_1_even_the_right_password_of_a_provider_only_account_tells_nothing(
    kinds: ServerProcess,
) -> None:
    wrong = await guess(kinds, "unknown", PASSWORD)
    assert told(await guess(kinds, "provider-only", PASSWORD)) == told(wrong)
    assert (await guess(kinds, "known", PASSWORD)).status == 200


async def test_ENU_1_repeated_failures_are_slowed_down_alike(
    start_server: StartServer,
) -> None:
    server = start_server(RATE_LIMIT_ENABLED="true")
    accounts(server)
    for number in range(7):
        answers = [
            await guess(server, kind, "wrong", f"127.0.2.{10 * number + place}")
            for place, kind in enumerate(KINDS)
        ]
        assert {answer.status for answer in answers} == {401 if number < 5 else 429}


@pytest.mark.parametrize("kind", KINDS)
async def test_ENU_2_an_unknown_account_costs_the_same_hash_and_hashes_are_bounded(
    kinds: ServerProcess, kind: str
) -> None:
    """Who stands in the line for a hash has one computed: it is full with unknown people too."""
    storm = asyncio.gather(*(guess(kinds, kind, "wrong") for _ in range(80)))
    alive = await ask(kinds, "GET", "/livez")
    answers = await storm
    statuses = Counter(answer.status for answer in answers)
    assert alive.status == 200
    assert set(statuses) == {401, 503}
    assert 1 <= statuses[401] <= 40
    refused = next(answer for answer in answers if answer.status == 503)
    assert refused.header("Retry-After") == "2"
    assert (await guess(kinds, "known", PASSWORD)).status == 200


async def test_ENU_3_sign_up_tells_as_little_as_it_can_without_mail(
    start_server: StartServer, session: ClientSession
) -> None:
    """Without a mail server a taken address has to be told; it is told ten times, not more."""
    server = start_server(RATE_LIMIT_ENABLED="true")
    accounts(server)
    body = {"email": "known@example.org", "name": "Sam", "password": PASSWORD}
    asked = [
        await ask(
            server, "POST", "/api/v1/auth/register", JSON,
            body=orjson.dumps(body), source="127.0.0.9",
        )
        for _ in range(11)
    ]  # fmt: skip
    assert [answer.status for answer in asked] == [400] * 10 + [429]


async def test_ENU_3_with_sign_up_off_nothing_is_told(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(DISABLE_SIGNUP="true")
    client = ApiClient(session, server.url, server.contract)
    admin = await register(client, "admin@example.org")
    made = {"name": "Sam", "password": PASSWORD}
    await admin.post("/admin/users", {**made, "email": "known@example.org"})
    for kind in ("known", "unknown"):
        answer = await client.post("/auth/register", {**made, "email": f"{kind}@example.org"})
        assert (answer.status, answer.detail) == (403, "Sign up is disabled")


async def test_ENU_3_nobody_can_ask_for_a_reset_of_somebody(server: ServerProcess) -> None:
    """Reset links are made by administrators; a stranger can only try a token."""
    document = server.get("/api/v1/openapi.json")
    resets = [path for path in document["paths"] if "reset" in path or "forgot" in path]
    assert sorted(resets) == ["/api/v1/admin/users/{user_id}/reset-link", "/api/v1/auth/reset"]
    tried = [
        await ask(
            server, "POST", "/api/v1/auth/reset", JSON,
            body=orjson.dumps({"token": token, "password": PASSWORD}),
        )
        for token in ("jrst_made-up", "", "x" * 199)
    ]  # fmt: skip
    assert [told(answer) for answer in tried] == [told(tried[0])] * 3


@pytest.fixture
async def issuer() -> AsyncIterator[str]:
    """A provider that says where it is, and no more."""

    async def discovery(request: web.Request) -> web.Response:
        own = str(request.url.origin())
        ways = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "jwks"}
        places = {name: f"{own}/{way}" for name, way in ways.items()}
        return web.json_response({"issuer": own, **places})

    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", discovery)
    async with TestServer(app, host="127.0.0.1") as served:
        yield str(served.make_url("/")).rstrip("/")


async def test_ENU_4_the_way_to_a_provider_is_the_same_for_everybody(
    start_server: StartServer, issuer: str
) -> None:
    server = start_server(
        OIDC_ENABLED="true",
        OIDC_ISSUER=issuer,
        OIDC_CLIENT_ID="journiv",
        OIDC_CLIENT_SECRET="only-for-tests",
    )
    accounts(server)
    seen = []
    for kind in KINDS:
        hint = f"?login_hint={kind}@example.org&email={kind}@example.org"
        answer = await ask(server, "GET", f"/api/v1/auth/oidc/login{hint}")
        assert answer.status == 302
        target = urlsplit(answer.header("Location") or "")
        query = dict(parse_qsl(target.query))
        once = ("state", "nonce", "code_challenge")
        seen.append((target.netloc, target.path, {**query, **dict.fromkeys(once)}))
    assert seen == [seen[0]] * len(KINDS)
