"""Requests for every operation of an OpenAPI document, from a seed, with places for ids.

What has an id is named by a `Known`: the how-manieth of its kind a server has told. So one corpus
fits any server, whatever ids it gives.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

from tests.parity.values import Json, Values

KINDS: Final = {
    "journal_id": "journals", "entry_id": "entries", "tag_id": "tags", "source_tag_id": "tags",
    "target_tag_id": "tags", "mood_id": "moods", "mood_log_id": "logs", "prompt_id": "prompts",
    "user_id": "users", "session_id": "sessions", "token_id": "tokens", "invite_id": "invites",
    "after": "cursors", "media_id": "media", "upload_id": "uploads",
}  # fmt: skip
PEOPLE: Final = ("admin", "sam", "eve", "stranger")

_RARELY: Final = frozenset({
    "post_auth_register", "post_auth_login", "post_auth_token", "post_admin_users",
    "patch_admin_users_user_id", "put_users_me", "post_auth_reauthenticate", "post_auth_reset",
})  # fmt: skip
"""They hash passwords, which takes its time."""

_ONCE: Final = frozenset({
    "post_auth_logout", "delete_sessions", "delete_sessions_session_id", "delete_users_me",
    "get_openapi_json", "get_admin_doctor", "post_users_me_totp", "delete_admin_users_user_id",
    "delete_admin_users_user_id_sessions", "post_export",
})  # fmt: skip
"""They end what the rest needs, say nothing about the store, or set off what goes on by itself:
asked for at the end.
"""

_WRITERS: Final = ("post_entries", "put_entries_entry_id", "post_entries_draft", "post_moods_log")
_READERS: Final = ("get_entries_search", "get_entries", "get_timeline", "get_tags", "get_days")


@dataclass(frozen=True, slots=True)
class Known:
    """Stands for what a server has told."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Request:
    """`path` and `query` and `body` may hold `Known`s; `file` is the seed of a picture to send."""

    operation: str
    who: str
    method: str
    path: tuple[str | Known, ...]
    query: dict[str, Any]
    body: Any
    form: bool = False
    file: int | None = None
    if_match: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str
    query: dict[str, Json]
    required: frozenset[str]
    body: Json | None
    form: bool
    takes_file: bool


def operations(document: Json) -> list[Operation]:
    """Read a document."""
    return [
        _operation(method, path, said, document)
        for path, item in document["paths"].items()
        for method, said in item.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]


class Corpus:
    """Draws requests."""

    def __init__(self, document: Json, seed: int) -> None:
        self._draw = random.Random(seed)
        self._values = Values(self._draw)
        self._all = operations(document)

    def requests(self, number: int) -> Iterator[Request]:
        """Yield so many requests, then one to three for each operation that ends something."""
        common = [one for one in self._all if one.name not in _RARELY | _ONCE]
        busy = [one for one in common if one.name in _WRITERS + _READERS]
        rare = [one for one in self._all if one.name in _RARELY]
        in_turn = cycle(common)
        for turn in range(number):
            if turn % 40 == 0:
                yield self.request(self._draw.choice(rare))
            elif turn % 3 == 0:
                yield self.request(self._draw.choice(busy))
            else:
                yield self.request(next(in_turn))
        for last in self._all:
            if last.name in _ONCE:
                yield self.request(last, "eve")
                yield self.request(last, "stranger")

    def request(self, operation: Operation, who: str | None = None) -> Request:
        """Draw one request."""
        values = self._values
        # Many conditions at once find nothing, which is the same everywhere.
        share = 0.35 if len(operation.query) < 6 else 0.12
        query = {
            name: self._field(name, schema)
            for name, schema in operation.query.items()
            if values.often(0.97 if name in operation.required else share)
        }
        return Request(
            operation=operation.name,
            who=who or self._draw.choices(PEOPLE, (6, 6, 2, 1))[0],
            method=operation.method.upper(),
            path=tuple(self._path(operation.path)),
            query=query,
            body=self._body(operation),
            form=operation.form,
            file=self._draw.randrange(40) if operation.takes_file else None,
            if_match='"1"' if operation.method == "put" and values.often(0.1) else None,
        )

    def _path(self, path: str) -> Iterator[str | Known]:
        for part in path.split("/")[1:]:
            name = part.strip("{}")
            if name == part:
                yield part
            elif name == "number":
                yield str(self._draw.choice((1, 1, 2, 3, 0, 101, "x")))
            else:
                yield self._id(name)

    def _id(self, name: str) -> str | Known:
        if self._values.often(0.08):
            return self._draw.choice(("not-an-id", "018f0000-0000-7000-8000-000000000000", "%00"))
        # Of a kind that `Side` does not learn, such as jobs, which end when they do, none is known.
        return Known(KINDS.get(name, name), self._draw.randrange(1000))

    def _field(self, name: str, schema: Json) -> Any:
        return self._id(name) if name in KINDS else self._values.of(name, schema)

    def _body(self, operation: Operation) -> Any:
        schema = operation.body
        if schema is None:
            return None
        if schema.get("type") == "array" or self._values.often(0.02):
            return self._values.of("body", schema)
        required = schema.get("required", ())
        return {
            name: self._field(name, one)
            for name, one in schema.get("properties", {}).items()
            if self._values.often(0.98 if name in required else 0.3)
        }


def _operation(method: str, path: str, said: Json, document: Json) -> Operation:
    query = [one for one in said.get("parameters", ()) if one["in"] == "query"]
    content = said.get("requestBody", {}).get("content", {})
    schema = next(iter(content.values())).get("schema") if content else None
    if schema is not None and "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return Operation(
        name=said["operationId"],
        method=method,
        path=path,
        query={one["name"]: one["schema"] for one in query},
        required=frozenset(one["name"] for one in query if one.get("required")),
        body=schema,
        form="application/x-www-form-urlencoded" in content,
        takes_file="multipart/form-data" in content,
    )
