"""Runs schemathesis against a server, on things that exist there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from tests.api.server import ServerProcess
from tests.soak.person import Person

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
# What would end the caller's session in the middle.
FAREWELLS = ("post_auth_logout", "delete_users_me", "delete_sessions_session_id")
READ_ONLY = ("entries:read", "moods:read", "tags:read")
_HOOKS = Path(__file__).with_name("fuzz_hooks.py")

Ids = dict[str, Any]


def generate(server: ServerProcess, token: str, ids: Ids, examples: int) -> str:
    """Send generated requests to every operation; return what is wrong, "" when nothing is."""
    headers = ["--header", f"Authorization: Bearer {token}"] if token else []
    left_out = [part for name in FAREWELLS for part in ("--exclude-operation-id", name)]
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "--no-color", "run",
            f"{server.url}/api/v1/openapi.json", "--checks", ",".join(CHECKS),
            "--phases", "coverage,fuzzing,stateful", "--max-examples", str(examples),
            "--generation-deterministic",
            "--warnings", "off", "--continue-on-failure", *left_out, *headers,
        ],
        env={
            "PATH": os.environ["PATH"],
            "SCHEMATHESIS_HOOKS": str(_HOOKS),
            "JOURNIV_FUZZ_IDS": orjson.dumps(ids).decode(),
        },
        cwd=server.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    return done.stdout if done.returncode else ""


async def things_of(owner: Person) -> Ids:
    """Make one of everything that has an id, and again of everything that may be deleted."""
    kept, doomed = await _things(owner, "kept"), await _things(owner, "doomed")
    return {**kept, "doomed": doomed}


async def read_only(owner: Person) -> str:
    """Return a personal access token of somebody that may only read."""
    body = {"name": "reader", "scopes": READ_ONLY}
    status, made = await owner.ask("POST", "/tokens", body)
    assert status == 201, made
    return str(made["token"])


async def _things(owner: Person, name: str) -> Ids:
    async def made(path: str, body: Any) -> str:
        status, answer = await owner.ask("POST", path, body)
        assert status == 201, answer
        return str(answer["id"])

    journal = await owner.journal()
    writing = {"journal_id": journal, "title": name, "content": "It rained."}
    entries = [await made("/entries/", writing) for _ in range(4)]
    for entry in entries:
        status, answer = await owner.ask("PUT", f"/entries/{entry}", {"content": "It snowed."})
        assert status == 200, answer
    draft = await made("/entries/draft", writing)
    tags = [await made("/tags/", {"name": f"{name} {number}"}) for number in range(4)]
    _, moods = await owner.ask("GET", "/moods/")
    _, prompts = await owner.ask("GET", "/prompts/")
    moods = [mood["id"] for mood in moods]
    return {
        "journal_id": [journal],
        "entry_id": [*entries, draft],
        "tag_id": tags,
        "source_tag_id": tags,
        "target_tag_id": tags,
        "mood_id": moods,
        "mood_log_id": [await made("/moods/log", {"mood_id": mood}) for mood in moods[:3]],
        "prompt_id": [prompt["id"] for prompt in prompts],
        "number": [1, 2],
    }
