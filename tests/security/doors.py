"""Every way to set a password, so that one table of passwords meets them all."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.api.client import ApiClient
from tests.api.server import ServerProcess

_numbers = itertools.count(1)
Door = Callable[[ServerProcess, ApiClient, ApiClient, str], Awaitable[tuple[int, str]]]


def _account(password: str, **more: Any) -> dict[str, Any]:
    address = f"door-{next(_numbers)}@example.org"
    return {"email": address, "name": "Sam", "password": password, **more}


async def _sign_up(
    server: ServerProcess, admin: ApiClient, person: ApiClient, new: str
) -> tuple[int, str]:
    answer = await admin.anonymous().post("/auth/register", _account(new))
    return answer.status, answer.body.decode()


async def _invited(
    server: ServerProcess, admin: ApiClient, person: ApiClient, new: str
) -> tuple[int, str]:
    invite = (await admin.post("/admin/invites")).json["token"]
    answer = await admin.anonymous().post("/auth/register", _account(new, invite=invite))
    return answer.status, answer.body.decode()


async def _changed(
    server: ServerProcess, admin: ApiClient, person: ApiClient, new: str
) -> tuple[int, str]:
    body = {"current_password": person.password, "new_password": new}
    answer = await person.put("/users/me", body)
    return answer.status, answer.body.decode()


async def _reset(
    server: ServerProcess, admin: ApiClient, person: ApiClient, new: str
) -> tuple[int, str]:
    link = (await admin.post(f"/admin/users/{person.user['id']}/reset-link")).json["token"]
    answer = await admin.anonymous().post("/auth/reset", {"token": link, "password": new})
    return answer.status, answer.body.decode()


async def _made_by_admin(
    server: ServerProcess, admin: ApiClient, person: ApiClient, new: str
) -> tuple[int, str]:
    answer = await admin.post("/admin/users", _account(new))
    return answer.status, answer.body.decode()


async def _set_by_admin(
    server: ServerProcess, admin: ApiClient, person: ApiClient, new: str
) -> tuple[int, str]:
    answer = await admin.patch(f"/admin/users/{person.user['id']}", {"password": new})
    return answer.status, answer.body.decode()


async def _created_on_the_shell(
    server: ServerProcess, admin: ApiClient, person: ApiClient, new: str
) -> tuple[int, str]:
    return shell(server, "user", "create", f"shell-{next(_numbers)}@example.org", stdin=new)


async def _set_on_the_shell(
    server: ServerProcess, admin: ApiClient, person: ApiClient, new: str
) -> tuple[int, str]:
    return shell(server, "user", "set-password", person.user["email"], stdin=new)


DOORS: Mapping[str, Door] = {
    "sign-up": _sign_up,
    "invitation": _invited,
    "own change": _changed,
    "reset link": _reset,
    "made by an administrator": _made_by_admin,
    "set by an administrator": _set_by_admin,
    "created on the shell": _created_on_the_shell,
    "set on the shell": _set_on_the_shell,
}


def shell(server: ServerProcess, *arguments: str, stdin: str = "") -> tuple[int, str]:
    """Run `journiv` on a server's data; return its exit code and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "journiv", *arguments],
        env={
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "test",
            "ARGON2_PROFILE": "low",
            "SECRET_KEY": "a-key-for-tests-and-for-nothing-else-0123456789",
            "JOURNIV_DATA": str(server.folder / "data"),
        },
        cwd=server.folder,
        input=f"{stdin}\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
