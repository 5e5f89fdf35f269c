"""Fields that nobody asked for (security.md §4.5, MASS), on every operation with a body.

They are ignored, as the published API has it, and never reach the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import StartServer
from tests.api.diary import Json
from tests.api.server import ServerProcess
from tests.security.holdings import Holding
from tests.security.operations import BODIES, Operation, operations
from tests.security.stages import FEDERATED, dump, log_in, people_at, rows

LONG_AGO = "1999-01-02T03:04:05.000000Z"
NUMBER = 471_104_711
TEXT = "poisoned"
# Bodies of `operations` that cannot succeed: their codes and links are made up, and there is no
# provider.
REFUSED = {
    "POST /auth/mfa": 401,
    "POST /auth/reset": 400,
    "POST /auth/oidc/exchange": 400,
    "POST /auth/oidc/link": 400,
    "POST /auth/oidc/logged-out": 400,
    "POST /users/me/identities": 503,
    "POST /users/me/totp/confirm": 400,
    "POST /users/me/totp/disable": 400,
}
# Where one of these fields is meant to be sent.
MEANT = {
    "POST /entries/": {"id"},
    "POST /entries/draft": {"id"},
    "POST /tokens": {"scopes"},
    "POST /admin/users": {"role"},
    "PATCH /admin/users/{user_id}": {"role", "is_active"},
}


@dataclass
class Target:
    """A server with an administrator who writes, and somebody who must not notice."""

    server: ServerProcess
    me: ApiClient
    victim: Holding
    own: Json

    async def write_everything(self, poison: Json) -> None:
        """Call every operation that takes an object, with the poison in it."""
        tried = set()
        for operation in operations(self.me.contract.document):
            if operation.takes_object:
                assert operation.name in BODIES, f"{operation.name} needs a body in BODIES"
                meant = poison.keys() & operation.fields.keys()
                assert meant <= MEANT.get(operation.name, set()), (operation.name, meant)
                extra = {name: poison[name] for name in poison.keys() - meant}
                body = {**BODIES[operation.name](self.own), **extra}
                answer = await operation.call(self.me, self._parts(operation), body=body)
                expected = REFUSED.get(operation.name, answer.status if answer.status < 300 else 0)
                assert answer.status == expected, (operation.name, answer.json)
                assert TEXT not in answer.body.decode(), operation.name
                tried.add(operation.name)
        assert len(tried) >= 20

    def _parts(self, operation: Operation) -> Json:
        return {part: self.own[part] for part in operation.parts}

    def kept(self) -> str:
        """All that the database holds in the end."""
        self.server.stop()
        return dump(self.server)

    def rows_of_victim(self) -> list[tuple[str, int]]:
        """How many rows each table has of the one who must not notice."""
        tables = rows(
            self.server,
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.name = 'user_id' ORDER BY 1",
        )
        victim = self.victim.owner.user["id"]
        return [
            (name, rows(self.server, f"SELECT count(*) FROM {name} WHERE user_id = ?", victim)[0])
            for (name,) in tables
        ]


@pytest.fixture
async def target(start_server: StartServer, session: ClientSession) -> Target:
    server = start_server(**FEDERATED)
    me, other, victim = await people_at(server, session, "me", "other", "victim")
    own = await Holding.of(me, "mine")
    tokens = await log_in(me)
    ids = {
        **own.ids,
        "user_id": other.user["id"],
        "email": me.user["email"],
        "password": me.password,
        "refresh_token": tokens["refresh_token"],
    }
    return Target(server, me, await Holding.of(victim, "theirs"), ids)


async def test_MASS_1_nothing_takes_another_id_or_owner(target: Target) -> None:
    before, state = target.rows_of_victim(), await target.victim.state()
    made = new_id()
    victim = target.victim.owner.user["id"]
    owners = dict.fromkeys(("user_id", "owner_id", "account_id", "author_id"), victim)
    await target.write_everything({"id": made, "uuid": made, "session_id": made, **owners})
    assert target.rows_of_victim() == before
    assert len(before) > 8
    assert await target.victim.state() == state
    assert made not in target.kept()


async def test_MASS_2_nobody_gets_a_role_or_is_switched_off(target: Target) -> None:
    await target.write_everything(
        {"role": "admin", "is_admin": True, "is_active": False, "is_superuser": True,
         "scopes": ["admin:users"], "email_verified": True, "security_version": NUMBER,
         "amr": [TEXT]}
    )  # fmt: skip
    people = rows(target.server, "SELECT email, role, is_active FROM users ORDER BY email")
    assert ("me@example.org", "admin", 1) in people
    others = [(role, active) for email, role, active in people if email != "me@example.org"]
    assert others == [("user", 1)] * 4
    kept = target.kept()
    assert str(NUMBER) not in kept
    assert TEXT not in kept


async def test_MASS_3_times_and_versions_are_the_servers(target: Target) -> None:
    times = ("created_at", "updated_at", "expires_at", "last_login_at", "deleted_at", "seen_at",
             "trashed_at", "revoked_at", "authenticated_at", "absolute_expires_at")  # fmt: skip
    numbers = ("version", "generation", "number", "word_count", "entry_count", "total_words")
    poison: dict[str, Any] = {**dict.fromkeys(times, LONG_AGO), **dict.fromkeys(numbers, NUMBER)}
    await target.write_everything(poison)
    kept = target.kept()
    assert "1999-01-02" not in kept
    assert str(NUMBER) not in kept


async def test_MASS_4_paths_checksums_and_states_are_the_servers(target: Target) -> None:
    names = ("file_path", "checksum", "status", "mime_type", "original_filename", "token_hash",
             "refresh_hash", "data", "subject", "provider", "issuer", "device", "address",
             "mode", "client", "revoked_for", "password_hash", "hashed_password")  # fmt: skip
    await target.write_everything({**dict.fromkeys(names, TEXT), "is_draft": True})
    drafts = (await target.me.get("/entries/drafts")).json
    assert sorted(one["title"] for one in drafts) == ["T", "mine"]
    assert TEXT not in target.kept()


async def test_MASS_4_hidden_fields_of_an_operation_without_a_body_are_not_read(
    target: Target,
) -> None:
    poison = {"user_id": target.victim.owner.user["id"], "title": TEXT, "content": TEXT}
    for operation in operations(target.me.contract.document):
        is_ours = operation.parts == ("journal_id",) or operation.parts == ("entry_id",)
        if operation.method == "POST" and is_ours and not operation.takes_body:
            parts = {part: target.victim.part(operation.path, part) for part in operation.parts}
            assert (await operation.call(target.me, parts, body=poison)).status == 404
            await operation.call(target.victim.owner, parts, body=poison)
    assert TEXT not in target.kept()
