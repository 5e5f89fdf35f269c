"""LOG-1, ERR-3 and ERR-6: a whole journey at LOG_LEVEL=DEBUG, and nothing of it in the log."""

from __future__ import annotations

import io
import stat
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar

from tests.api.server import ServerProcess
from tests.cli.conftest import command, environment
from tests.security import canaries as canary
from tests.security.canaries import Canaries, Witness, audited
from tests.security.mishaps import DOWN, FAIL, SAY, installed
from tests.security.raw import Connection
from tests.security.second_factor import STEP, code_at

API = "/api/v1"
ACCOUNT = {"email": canary.MAIL, "name": "Sam", "password": canary.PASSWORD}
SIGN_IN = {"email": canary.MAIL, "password": canary.PASSWORD}
HERE = {"q": canary.SEARCHED, "code": canary.CODE, "state": canary.STATE, "sig": canary.SIGNATURE}
NOWHERE = "0190c0de-1111-7222-8333-444455556666"
NOW = "2026-03-15T12:00:10Z"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "LOG_LEVEL": "DEBUG",
        "JOURNIV_TEST_CLOCK": f"={NOW}",
        "RATE_LIMIT_STORAGE_URI": f"flaky://:{canary.DSN}@127.0.0.1:1/0",
        "RATE_LIMIT_ENABLED": "true",
        "OIDC_ENABLED": "true",
        "OIDC_ISSUER": "http://127.0.0.1:9/realm",
        "OIDC_CLIENT_ID": "journiv",
        "OIDC_CLIENT_SECRET": f"{canary.DSN}-of-the-provider",
        "OIDC_ALLOW_INSECURE": "true",
        **installed(tmp_path_factory.mktemp("site")),
    }


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str]
) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("canary"), settings)
    process.start()
    yield process
    process.kill()


@pytest.fixture
async def witness(server: ServerProcess) -> AsyncIterator[Witness]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield Witness(server, session, Canaries())


async def test_LOG_1_ERR_3_ERR_6_no_canary_is_seen_again(
    server: ServerProcess, witness: Witness, settings: dict[str, str], tmp_path: Path
) -> None:
    tokens = await _accounts(witness)
    await _diary(witness, tokens["access_token"])
    await _mishaps(witness, tokens["access_token"])
    await _unreadable(server)
    _files(server, settings, tmp_path)
    told = [_journiv(server, settings, *words) for words in COMMANDS]
    await _everything(witness, tokens["access_token"])
    (server.folder / "data" / DOWN).write_text("")
    await witness.ask("POST", f"{API}/auth/login", json=SIGN_IN)
    assert server.stop() == 0
    assert len(witness.answers) > 300
    assert {status for _, status, _ in witness.answers} >= {200, 201, 400, 401, 404, 422, 500}
    assert witness.repeated == []
    assert witness.answers_with_paths() == []
    seen = witness.canaries.seen_in
    assert seen(server.log.read_text(errors="replace")) == []
    assert seen((server.folder / "data" / "warnings.log").read_text()) == []
    assert seen(audited(server)) == []
    assert [found for text in told if (found := seen(text))] == []
    assert seen(_journiv(server, settings, "doctor", "--report")) == []
    assert len(witness.canaries.words) > 25


async def _accounts(witness: Witness) -> Mapping[str, Any]:
    """Register, sign in rightly, wrongly and with a second factor; replay, rotate, make tokens."""
    ask, known = witness.ask, witness.canaries
    await ask("POST", f"{API}/auth/register", json=ACCOUNT)
    await ask("POST", f"{API}/auth/register", json=ACCOUNT)
    await ask("POST", f"{API}/auth/login", json=SIGN_IN | {"password": f"{canary.PASSWORD}-wrong"})
    await ask("POST", f"{API}/auth/login", json=SIGN_IN | {"email": f"other-{canary.MAIL}"})
    _, tokens = await ask("POST", f"{API}/auth/login", json=SIGN_IN)
    for _ in range(3):
        _, first = await ask("POST", f"{API}/auth/login", json=SIGN_IN)
        old = {"refresh_token": first["refresh_token"]}
        _, second = await ask("POST", f"{API}/auth/refresh", json=old)
        new = {"refresh_token": second["refresh_token"]}
        _, third = await ask("POST", f"{API}/auth/refresh", json=new)
        await ask("POST", f"{API}/auth/refresh", json={"refresh_token": third["refresh_token"]})
        await ask("POST", f"{API}/auth/refresh", json=old)
    await ask("POST", f"{API}/auth/refresh", json={"refresh_token": canary.TOKEN})
    access = tokens["access_token"]
    await ask("GET", f"{API}/users/me", token=f"{access}x")
    await ask("GET", f"{API}/users/me", token=canary.TOKEN)
    _, pat = await ask(
        "POST", f"{API}/tokens", token=access, json={"name": "script", "scopes": ["entries:read"]}
    )
    await ask("GET", f"{API}/entries/", token=pat["token"])
    await ask("DELETE", f"{API}/users/me", token=pat["token"])
    _, factor = await ask("POST", f"{API}/users/me/totp", token=access)
    step = int(datetime.fromisoformat(NOW).timestamp()) // STEP
    early, now = (code_at(factor["secret"], number) for number in (step - 1, step))
    known.keep(early, now)
    _, done = await ask("POST", f"{API}/users/me/totp/confirm", token=access, json={"code": early})
    _, half = await ask("POST", f"{API}/auth/login", json=SIGN_IN)
    for code in ("canary-wrong-code", done["recovery_codes"][0], now):
        body = {"mfa_token": half["mfa_token"], "code": code}
        await ask("POST", f"{API}/auth/mfa", json=body)
    return tokens


async def _diary(witness: Witness, token: str) -> None:
    """Write, change, search, refuse and lose entries."""
    ask = witness.ask
    _, journal = await ask("POST", f"{API}/journals/", token=token, json={"title": canary.TITLE})
    entry = {"title": canary.TITLE, "content": canary.BODY, "journal_id": journal["id"]}
    _, made = await ask("POST", f"{API}/entries/", token=token, json=entry)
    path = f"{API}/entries/{made['id']}"
    await ask("PUT", path, token=token, json={"content": f"{canary.BODY} Again."})
    await ask("GET", f"{API}/entries/search", token=token, params=HERE)
    for wrong in (
        {"title": canary.TITLE * 99}, {"content": canary.BODY + "\0"}, {"title": [canary.TITLE]},
        {"journal_id": canary.TITLE}, {"entry_date": canary.TITLE}, {"location": canary.BODY * 99},
    ):  # fmt: skip
        await ask("POST", f"{API}/entries/", token=token, json=entry | wrong)
    await ask("POST", f"{API}/tags/", token=token, json={"name": canary.SEARCHED})
    await ask("POST", f"{API}/tags/", token=token, json={"name": canary.SEARCHED})
    as_json = {"Content-Type": "application/json"}
    for broken in (f'{{"title": "{canary.BODY}', f'"{canary.BODY}"', canary.BODY):
        await ask("POST", f"{API}/entries/", token=token, data=broken, headers=as_json)
    await ask("POST", f"{API}/entries/", token=token, data=canary.BODY)
    large = io.BytesIO(f'"{canary.BODY * 99999}"'.encode())
    await ask("POST", f"{API}/entries/", token=token, data=large, headers=as_json)
    await ask("GET", f"/media/{NOWHERE}/original", params=HERE | {"s": canary.SIGNATURE, "e": "9"})
    await ask("GET", f"{API}/oidc/callback", params=HERE)
    await ask("GET", f"{API}/auth/oidc/callback", params=HERE)
    await ask("GET", f"{API}/auth/oidc/login", params=HERE)
    await ask("POST", f"{API}/auth/oidc/exchange", json={"ticket": canary.TOKEN})
    await ask("DELETE", path, token=token)
    await ask("POST", f"{API}/entries/", token=token, json=entry)


async def _mishaps(witness: Witness, token: str) -> None:
    """Fail and log with people's words in it: the second net's turn."""
    status, _ = await witness.ask("POST", f"{API}{FAIL}", json={"text": canary.BODY}, token=token)
    assert status == 500
    secrets = f"Bearer {token} password={canary.PASSWORD} {canary.TOKEN} <{canary.MAIL}> "
    secrets += f"/x?code={canary.CODE}&state={canary.STATE}&s={canary.SIGNATURE} "
    secrets += f"postgresql://me:{canary.DSN}@db/journiv otpauth://totp/x?secret=CANARYSEED"
    witness.canaries.keep("CANARYSEED")
    await witness.ask("POST", f"{API}{SAY}", json={"text": secrets})


async def _unreadable(server: ServerProcess) -> None:
    """Send what is no HTTP."""
    for broken in (
        f"GET / HTTP/1.1\r\nAuthorization Bearer {canary.TOKEN}\r\n\r\n",
        f"{canary.TITLE} {canary.BODY}\r\n\r\n",
        f"GET /{canary.SEARCHED} HTTP/1.1\r\nHost: {canary.FILE}.example\r\n\r\n",
    ):
        connection = await Connection.open(server)
        await connection.send(broken.encode())
        await connection.receive()
        await connection.close()


def _files(server: ServerProcess, settings: dict[str, str], folder: Path) -> None:
    """Carry the diary out and in by files with a telling name, rightly and wrongly."""
    file = str(folder / f"{canary.FILE}.ndjson")
    whose = ("--format", "ndjson", "--user", canary.MAIL)
    assert "canary" in _journiv(server, settings, "export", *whose, file).lower()
    into = (*whose, "--journal", canary.TITLE)
    assert "1 records read" in _journiv(server, settings, "import", *into, file)
    _journiv(server, settings, "import", *into, f"{file}.missing")
    assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600


COMMANDS = (("audit", "verify"), ("verify",), ("config", "show"), ("plugins",), ("doctor",))


def _journiv(server: ServerProcess, settings: dict[str, str], *words: str) -> str:
    """Run a command beside the server and return all it prints."""
    done = subprocess.run(
        command(*words),
        env=environment(server.folder / "data", **settings),
        cwd=server.folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout + done.stderr


async def _everything(witness: Witness, token: str) -> None:
    """Send the canaries to every operation there is, as everybody and as nobody."""
    _, document = await witness.ask("GET", f"{API}/openapi.json")
    body = {
        "title": canary.TITLE, "content": canary.BODY, "name": canary.SEARCHED, "note": canary.BODY,
        "password": canary.PASSWORD, "current_password": canary.PASSWORD, "email": canary.MAIL,
        "new_password": canary.PASSWORD, "code": canary.CODE, "ticket": canary.CODE,
        "token": canary.TOKEN, "refresh_token": canary.TOKEN, "mfa_token": canary.TOKEN,
    }  # fmt: skip
    operations = [
        (method.upper(), template)
        for template, methods in document["paths"].items()
        for method in methods
        if method in ("get", "post", "put", "patch", "delete")
    ]
    for bearer in (None, token):
        for place in (NOWHERE, canary.FILE):
            for method, template in sorted(operations, key=lambda one: "logout" in one[1]):
                path = "/".join(place if part[:1] == "{" else part for part in template.split("/"))
                sent = {} if method == "GET" else {"json": body}
                await witness.ask(method, path, token=bearer, params=HERE, **sent)
