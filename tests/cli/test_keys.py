from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientSession

from journiv.config import key_file
from tests.api.client import ApiClient
from tests.api.conftest import StartServer, register, session, start_server
from tests.api.server import ServerProcess
from tests.api.test_totp import STANDS_STILL, code, switch_on
from tests.cli.conftest import Journiv

__all__ = ["session", "start_server"]

OLD = "a-key-for-tests-and-for-nothing-else-0123456789"


class Rotation:
    """A server whose key is in a file, and the command line beside it."""

    def __init__(self, start: StartServer, journiv: Journiv, file: Path) -> None:
        file.write_text(OLD + "\n")
        file.chmod(0o640)
        self.file = file
        self.server: ServerProcess = start(SECRET_KEY="", SECRET_KEY_FILE=str(file), **STANDS_STILL)
        self._journiv = journiv

    def keys(self, step: str, status: int = 0) -> str:
        data = str(self.server.folder / "data")
        done = self._journiv(
            "keys", step, SECRET_KEY="", SECRET_KEY_FILE=str(self.file), JOURNIV_DATA=data
        )
        assert done.returncode == status, done.stderr
        return done.stdout + done.stderr

    def restart(self) -> None:
        assert self.server.stop() == 0
        self.server.start()


@pytest.fixture
def rotation(start_server: StartServer, journiv: Journiv, tmp_path: Path) -> Rotation:
    folder = tmp_path / "secrets"
    folder.mkdir()
    return Rotation(start_server, journiv, folder / "key")


async def challenge(person: ApiClient) -> str:
    body = {"email": person.user["email"], "password": person.password}
    token: str = (await person.anonymous().post("/auth/login", body)).json["mfa_token"]
    return token


async def test_KEY_3_a_rotated_key_loses_nothing_and_the_old_one_can_go(
    rotation: Rotation, session: ClientSession
) -> None:
    server = rotation.server
    person = await register(ApiClient(session, server.url, server.contract), "sam@example.org")
    secret, codes = await switch_on(person)
    told = rotation.keys("rotate")
    new = rotation.file.read_text().strip()
    assert new != OLD
    assert new not in told
    assert key_file.previous_file(rotation.file).read_text() == OLD + "\n"
    for file in (rotation.file, key_file.previous_file(rotation.file)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o640

    rotation.restart()
    assert (await person.get("/users/me")).status == 200
    finished = {"mfa_token": await challenge(person), "code": codes[0]}
    assert (await person.anonymous().post("/auth/mfa", finished)).status == 200
    assert "Encrypted with the new key: 1." in rotation.keys("reseal")
    assert "Encrypted with the new key: 0." in rotation.keys("reseal")

    key_file.previous_file(rotation.file).unlink()
    rotation.restart()
    assert (await person.get("/users/me")).status == 401
    finished = {"mfa_token": await challenge(person), "code": code(secret)}
    assert (await person.anonymous().post("/auth/mfa", finished)).status == 200
    assert "There is no earlier key." in rotation.keys("reseal")


async def test_a_second_rotation_waits_until_nothing_needs_the_first_key(
    rotation: Rotation, session: ClientSession
) -> None:
    server = rotation.server
    person = await register(ApiClient(session, server.url, server.contract), "sam@example.org")
    await switch_on(person)
    rotation.keys("rotate")
    assert "Run `journiv keys reseal` first" in rotation.keys("rotate", status=1)
    rotation.keys("reseal")
    first = rotation.file.read_text().strip()
    rotation.keys("rotate")
    kept = key_file.previous_file(rotation.file).read_text().split()
    assert kept == [first, OLD]


async def test_a_secret_that_no_key_opens_is_named(
    rotation: Rotation, session: ClientSession
) -> None:
    server = rotation.server
    person = await register(ApiClient(session, server.url, server.contract), "sam@example.org")
    await switch_on(person)
    rotation.keys("rotate")
    key_file.previous_file(rotation.file).unlink()
    told = rotation.keys("reseal", status=1)
    assert person.user["id"] in told
    [database] = server.folder.rglob("journiv.db")
    with closing(sqlite3.connect(database)) as connection:
        kept = connection.execute("SELECT count(*) FROM key_values WHERE namespace = 'totp'")
        assert kept.fetchone() == (1,)


def test_a_key_from_the_environment_is_told_what_to_set(journiv: Journiv) -> None:
    journiv("migrate")
    done = journiv("keys", "rotate")
    assert done.returncode == 0, done.stderr
    assert OLD not in done.stdout
    new = done.stdout.partition("SECRET_KEY           to ")[2].split()[0]
    assert len(new) >= 64
    after = journiv("keys", "reseal", SECRET_KEY=new, SECRET_KEY_PREVIOUS=OLD)
    assert "Remove SECRET_KEY_PREVIOUS when" in after.stdout


def test_a_key_file_that_cannot_be_written_is_left_alone(journiv: Journiv) -> None:
    file = "/proc/sys/kernel/random/boot_id"  # nobody makes files beside it, not even root
    journiv("migrate")
    done = journiv("keys", "rotate", SECRET_KEY="", SECRET_KEY_FILE=file)
    assert done.returncode == 0, done.stderr
    assert "cannot be written here" in done.stdout
    assert "SECRET_KEY           to " in done.stdout


def test_the_key_that_development_made_is_rotated_too(journiv: Journiv, tmp_path: Path) -> None:
    made = {"SECRET_KEY": "", "ENVIRONMENT": "development"}
    assert journiv("migrate", **made).returncode == 0
    file = tmp_path / "data" / "secret.key"
    before = file.read_text().strip()
    assert journiv("keys", "rotate", **made).returncode == 0
    assert file.read_text().strip() != before
    assert key_file.previous_keys(file) == (before,)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
