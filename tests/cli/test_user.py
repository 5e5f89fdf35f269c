from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import PASSWORD, StartServer, register, session, sign_in, start_server

__all__ = ["session", "start_server"]

NEW = "another-Lantern-quite-47"
SECRET = "a-key-for-tests-and-for-nothing-else-0123456789"


class Shell:
    """The command line over one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def user(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "test",
            "ARGON2_PROFILE": "low",
            "SECRET_KEY": SECRET,
            "JOURNIV_DATA": str(self.data),
        }
        return subprocess.run(
            [sys.executable, "-m", "journiv", "user", *arguments],
            env=environment,
            cwd=self.data.parent,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data")


def test_the_first_account_is_the_administrators(shell: Shell) -> None:
    made = shell.user("create", "Sam@Example.org", stdin=f"{PASSWORD}\n")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == "sam@example.org has an account; its role is admin.\n"
    second = shell.user("create", "beth@example.org", "--name", "Beth", stdin=f"{PASSWORD}\n")
    assert "role is user" in second.stdout
    listed = json.loads(shell.user("list", "--json").stdout)
    assert [(one["email"], one["name"], one["role"]) for one in listed] == [
        ("beth@example.org", "Beth", "user"),
        ("sam@example.org", "Sam", "admin"),
    ]
    assert "$argon2" not in shell.user("list", "--json").stdout


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("nobody", PASSWORD, "is no e-mail address"),
        ("a@home.test", PASSWORD, "reserved"),
        ("a@example.org", "short77", "at least 8 characters"),
        ("a@example.org", "iloveyou", "guessed first"),
        ("a@example.org", "", "at least 8 characters"),
    ],
)
def test_what_is_refused_is_one_sentence(
    shell: Shell, email: str, password: str, reason: str
) -> None:
    refused = shell.user("create", email, stdin=password)
    assert refused.returncode == 1
    assert reason in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_password_comes_from_a_file(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    assert shell.user("create", "a@example.org", "--password-file", str(file)).returncode == 0
    missing = shell.user("create", "b@example.org", "--password-file", str(tmp_path / "none"))
    assert (missing.returncode, "cannot be read" in missing.stderr) == (1, True)


def test_a_password_is_never_an_argument(shell: Shell) -> None:
    assert shell.user("create", "a@example.org", "--password", PASSWORD).returncode == 2


def test_the_last_administrator_cannot_be_switched_off(shell: Shell) -> None:
    shell.user("create", "a@example.org", stdin=PASSWORD)
    refused = shell.user("disable", "a@example.org")
    assert (refused.returncode, "last admin user" in refused.stderr) == (1, True)


def test_an_unknown_account_is_named(shell: Shell) -> None:
    shell.user("create", "a@example.org", stdin=PASSWORD)
    for action in ("disable", "enable", "promote"):
        refused = shell.user(action, "nobody@example.org")
        assert refused.returncode == 1
        assert "no account with the address nobody@example.org" in refused.stderr


async def test_a_running_server_sees_every_change_at_once(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    shell = Shell(server.folder / "data")
    admin = await register(ApiClient(session, server.url, server.contract), "admin@example.org")
    person = await register(admin.anonymous(), "beth@example.org")
    assert (await person.get("/users/me")).status == 200

    assert shell.user("promote", "beth@example.org").returncode == 0
    assert (await person.get("/admin/users")).status == 200
    assert shell.user("set-password", "beth@example.org", stdin=NEW).returncode == 0
    assert (await person.get("/users/me")).status == 401
    person = await sign_in(admin.anonymous(), "beth@example.org", NEW)
    assert shell.user("disable", "beth@example.org").returncode == 0
    assert (await person.get("/users/me")).status == 403
    assert shell.user("enable", "beth@example.org").returncode == 0
    assert (await sign_in(admin.anonymous(), "beth@example.org", NEW)).token


async def test_a_reset_link_from_the_shell_sets_a_password(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(SECRET_KEY=SECRET)
    client = ApiClient(session, server.url, server.contract)
    person = await register(client, "sam@example.org")
    [database] = server.folder.rglob("journiv.db")
    shell = Shell(database.parent)
    printed = shell.user("reset-link", "Sam@example.org")
    assert printed.returncode == 0, printed.stderr
    token = printed.stdout.strip().partition("#")[2]
    answer = await client.post("/auth/reset", {"token": token, "password": NEW})
    assert answer.status == 204, answer.json
    assert (await person.get("/users/me")).status == 401
    await sign_in(client, "sam@example.org", NEW)
    assert shell.user("reset-link", "nobody@example.org").returncode == 1
