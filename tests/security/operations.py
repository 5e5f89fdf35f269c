"""Every operation of the served OpenAPI document, and how each is called properly.

A new operation with a body, an id or a required parameter is not tested until it is named here,
and a test fails until then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.api.client import Answer, ApiClient
from tests.api.diary import Json

_PART = re.compile(r"{(\w+)}")
PASSWORD = "another-Lantern-quite-48"

Body = Callable[[Json], Any]


@dataclass(frozen=True)
class Operation:
    """One method of one path; `fields` are the names its JSON body declares."""

    method: str
    path: str
    is_public: bool
    parts: tuple[str, ...]
    fields: Mapping[str, Json]
    parameters: Mapping[str, Json]
    required: tuple[str, ...]
    takes_object: bool
    takes_body: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def uuid_fields(self) -> list[str]:
        """Fields of the body that name another thing; `id` is the new one's own."""
        found = [name for name, schema in self.fields.items() if schema.get("format") == "uuid"]
        return [name for name in found if name != "id"]

    async def call(
        self, caller: ApiClient, parts: Json, *, body: Any = None, query: Json | None = None
    ) -> Answer:
        """Call it as somebody; `parts` are its ids."""
        filled = self.path.format_map(parts)
        params = {"params": query} if query else {}
        return await caller.request(self.method, filled, json=body, **params)


def operations(document: Json) -> Iterator[Operation]:
    """Yield what the document describes below `/api/v1`."""
    for template, methods in document["paths"].items():
        if not template.startswith("/api/v1"):
            continue
        for method, described in methods.items():
            kinds = described.get("requestBody", {}).get("content", {})
            schema = _resolved(kinds.get("application/json", {}).get("schema", {}), document)
            queries = [one for one in described["parameters"] if one["in"] == "query"]
            yield Operation(
                method=method.upper(),
                path=template.removeprefix("/api/v1"),
                is_public="security" not in described,
                parts=tuple(_PART.findall(template)),
                fields=schema.get("properties", {}),
                parameters={one["name"]: one["schema"] for one in queries},
                required=tuple(one["name"] for one in queries if one["required"]),
                takes_object="properties" in schema,
                takes_body=bool(kinds),
            )


def _resolved(schema: Json, document: Json) -> Json:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = document["components"]["schemas"][name] if name else schema
    return found


# A proper body for each operation that takes one, made from the caller's own ids.
BODIES: Mapping[str, Body] = {
    "POST /auth/register": lambda own: {**_account("sign-up"), "password": PASSWORD},
    "POST /auth/login": lambda own: {"email": own["email"], "password": own["password"]},
    "POST /auth/mfa": lambda own: {"mfa_token": "jmfa_x", "code": "000000"},
    "POST /auth/refresh": lambda own: {"refresh_token": own["refresh_token"]},
    "POST /auth/oidc/exchange": lambda own: {"ticket": "x"},
    "POST /auth/oidc/link": lambda own: {"link_token": "x", "password": own["password"]},
    "POST /auth/oidc/logged-out": lambda own: {"state": "x"},
    "POST /users/me/identities": lambda own: {"next": "/"},
    "POST /auth/reset": lambda own: {"token": "x", "password": PASSWORD},
    "POST /auth/reauthenticate": lambda own: {"password": own["password"]},
    "PUT /users/me": lambda own: {"name": "Sam Again"},
    "PUT /users/me/settings": lambda own: {"theme": "dark"},
    "POST /users/me/totp/confirm": lambda own: {"code": "000000"},
    "POST /users/me/totp/disable": lambda own: {"code": "000000"},
    "POST /export/": lambda own: {"export_type": "full"},
    "POST /tokens": lambda own: {"name": "script", "scopes": ["tags:read"]},
    "POST /admin/users": lambda own: {**_account("made"), "password": PASSWORD},
    "PATCH /admin/users/{user_id}": lambda own: {"name": "Renamed"},
    "POST /journals/": lambda own: {"title": "Second diary"},
    "PUT /journals/{journal_id}": lambda own: {"title": "Renamed diary"},
    "POST /entries/": lambda own: {"title": "T", "content": "c", "journal_id": own["journal_id"]},
    "PUT /entries/{entry_id}": lambda own: {"title": "T", "journal_id": own["journal_id"]},
    "POST /entries/draft": lambda own: {"title": "T", "journal_id": own["journal_id"]},
    "POST /moods/log": lambda own: {"mood_id": own["mood_id"], "entry_id": own["entry_id"]},
    "PUT /moods/log/{mood_log_id}": lambda own: {"note": "Better"},
    "POST /tags/": lambda own: {"name": "second-tag"},
    "PUT /tags/{tag_id}": lambda own: {"name": "renamed-tag"},
    "POST /entries/{entry_id}/tags/bulk": lambda own: ["bulk-tag"],
    "POST /tags/entry/{entry_id}/bulk": lambda own: ["bulk-tag"],
    "PUT /media/{media_id}": lambda own: {"alt_text": "A harbour"},
    "POST /media/batch-sign": lambda own: {"items": [{"id": own["media_id"]}]},
    "POST /media/uploads": lambda own: {"entry_id": own["entry_id"], "size": 3},
    "PUT /media/uploads/{upload_id}": lambda own: {},
    "PUT /instance/version/check/enabled": lambda own: {"enabled": False},
}
# Values of required query parameters.
QUERIES: Mapping[str, str] = {
    "q": "mine",
    "start_date": "2000-01-01",
    "end_date": "2090-01-01",
    "offset": "0",
    "from": "2026-01-01",
    "to": "2026-12-31",
}


def query_of(operation: Operation) -> Json:
    """The required query parameters of an operation, with proper values."""
    return {name: QUERIES[name] for name in operation.required}


def _account(name: str) -> Json:
    return {"email": f"{name}@example.org", "name": name}
