"""A request whose body comes in slowly has no rights that ended meanwhile (security.md D8)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from tests.api.client import ApiClient
from tests.api.conftest import NewUser, sign_in
from tests.api.pictures import new_entry, png
from tests.api.server import ServerProcess
from tests.api.transfers import diary
from tests.security.raw import Connection, Raw

NEW = "another-Lantern-quite-48"
FORM = "multipart/form-data; boundary=x"


class Held:
    """A request that has been let in by its headers and keeps its body back."""

    def __init__(self, connection: Connection, body: bytes) -> None:
        self._connection = connection
        self._body = body

    @classmethod
    @asynccontextmanager
    async def begin(
        cls, server: ServerProcess, caller: ApiClient, method: str, path: str, body: Any
    ) -> AsyncIterator[Held]:
        """`body` is data, or the whole text of a form."""
        connection = await Connection.open(server)
        is_form = isinstance(body, bytes)
        sent, kind = (body, FORM) if is_form else (orjson.dumps(body), "application/json")
        head = (
            f"{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Authorization: Bearer {caller.token}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(sent)}\r\nExpect: 100-continue\r\n\r\n"
        )
        await connection.send(head.encode())
        try:
            assert (await connection.receive()).status == 100
            await connection.send(sent[:1])
            yield cls(connection, sent[1:])
        finally:
            await connection.close()

    async def finish(self) -> Raw:
        await self._connection.send(self._body)
        return await self._connection.receive()


async def test_SES_2_a_request_begun_before_a_new_password_makes_no_token_after_it(
    server: ServerProcess, new_user: NewUser
) -> None:
    thief = await new_user()
    owner = await sign_in(thief, thief.user["email"])
    token = {"name": "kept", "scopes": ["entries:read"]}
    async with Held.begin(server, thief, "POST", "/tokens", token) as held:
        body = {"current_password": owner.password, "new_password": NEW}
        assert (await owner.put("/users/me", body)).status == 200
        assert (await held.finish()).status == 401
    again = await sign_in(owner, owner.user["email"], NEW)
    assert (await again.get("/tokens")).json == []


async def test_SES_2_a_body_that_comes_late_is_taken_from_who_is_still_signed_in(
    server: ServerProcess, new_user: NewUser
) -> None:
    person = await new_user()
    token = {"name": "kept", "scopes": ["entries:read"]}
    async with Held.begin(server, person, "POST", "/tokens", token) as held:
        assert (await person.put("/users/me", {"name": "Somebody"})).status == 200
        assert (await held.finish()).status == 201


def form(file_name: str, data: bytes, **fields: str) -> bytes:
    part = b"--x\r\nContent-Disposition: form-data; name="
    plain = [part + f'"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    named = f'"file"; filename="{file_name}"\r\n\r\n'.encode()
    return b"".join(plain) + part + named + data + b"\r\n--x--\r\n"


async def test_SES_2_a_file_that_comes_after_a_new_password_is_neither_kept_nor_imported(
    server: ServerProcess, new_user: NewUser
) -> None:
    thief = await new_user()
    entry = await new_entry(thief)
    owner = await sign_in(thief, thief.user["email"])
    picture = form("row.png", png(), entry_id=entry["id"])
    lines = form("d.ndjson", diary(1), source_type="ndjson")
    async with (
        Held.begin(server, thief, "POST", "/media/upload", picture) as upload,
        Held.begin(server, thief, "POST", "/import/upload", lines) as arriving,
    ):
        body = {"current_password": owner.password, "new_password": NEW}
        assert (await owner.put("/users/me", body)).status == 200
        assert (await upload.finish()).status == 401
        assert (await arriving.finish()).status == 401
    again = await sign_in(owner, owner.user["email"], NEW)
    assert (await again.get("/import/")).json == (await again.get("/export/")).json == []
    assert (await again.get("/media")).json["items"] == []
    stored = server.folder / "data" / "media" / "transfers" / again.user["id"]
    assert [path for path in stored.rglob("*") if path.is_file()] == []


async def test_files_that_come_slowly_are_taken_from_who_is_still_signed_in(
    server: ServerProcess, new_user: NewUser
) -> None:
    person = await new_user()
    entry = await new_entry(person)
    picture = form("row.png", png(), entry_id=entry["id"])
    lines = form("d.ndjson", diary(1), source_type="ndjson")
    async with Held.begin(server, person, "POST", "/media/upload", picture) as held:
        assert (await held.finish()).status == 201
    async with Held.begin(server, person, "POST", "/import/upload", lines) as held:
        assert (await held.finish()).status == 202


async def test_ADM_1_a_request_begun_as_administrator_does_nothing_after_the_role_has_gone(
    server: ServerProcess, new_user: NewUser, admin: ApiClient
) -> None:
    person = await new_user()
    path = f"/admin/users/{person.user['id']}"
    assert (await admin.patch(path, {"role": "admin"})).status == 200
    person = await sign_in(person, person.user["email"])
    async with Held.begin(server, person, "PATCH", path, {"name": "Still here"}) as held:
        assert (await admin.patch(path, {"role": "user"})).status == 200
        assert (await held.finish()).status in (401, 403)
    again = await sign_in(person, person.user["email"])
    assert again.user["name"] != "Still here"
