"""One of the servers that are compared: sends requests, learns ids, makes answers comparable."""

from __future__ import annotations

import asyncio
import io
import json
import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson
from aiohttp import ClientSession, FormData
from yarl import URL

from tests.api.pictures import png
from tests.api.server import ServerProcess
from tests.parity.corpus import Known, Request

PASSWORD: Final = "quill-Lantern-harbour-47"
HEADERS: Final = ("Content-Type", "ETag", "Allow", "WWW-Authenticate", "Location")
VARYING: Final = frozenset({
    "get_memory", "get_admin_doctor", "get_prompts_random", "get_prompts_daily",
    "get_prompts_analytics_statistics",
})  # fmt: skip
"""What they say is of the moment, or of chance: only the status is compared."""

UNORDERED: Final = frozenset({"get_prompts", "get_prompts_search"})
"""In the order of ids that were made at the first start, in no order among themselves."""

_GENERATED: Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
    r"|(?<=exp=)\d+|(?<=expires_at\":)\d+"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+|jpat_[\w-]+|[\w-]{32,}"
)
_FOLDER: Final = re.compile(r"(?<=/)[0-9a-f]{2}(?=/[0-9a-f]{8}-)")
"""The end of a medium's id, in its key."""

_GROUPS: Final = {
    "journals": "journals", "entries": "entries", "tags": "tags", "moods": "moods",
    "sessions": "sessions", "tokens": "tokens",
}  # fmt: skip


@dataclass
class Side:
    """A server and what it has told."""

    server: ServerProcess
    session: ClientSession
    tokens: dict[str, str] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    async def arrive(self, email: str) -> None:
        """Register somebody and sign in as them."""
        account = {"email": email, "name": "Sam", "password": PASSWORD}
        status, _, body = await self._exchange("POST", "/api/v1/auth/register", account, {})
        assert status == 201, body
        status, _, body = await self._exchange("POST", "/api/v1/auth/login", account, {})
        assert status == 200, body
        self.tokens[email.partition("@")[0]] = orjson.loads(body)["access_token"]

    async def read_catalogue(self) -> None:
        """Learn the prompts in an order that does not depend on their ids."""
        headers = {"Authorization": f"Bearer {self.tokens['admin']}"}
        _, _, body = await self._exchange("GET", "/api/v1/prompts/?limit=100", None, headers)
        found = sorted(orjson.loads(body), key=lambda prompt: str(prompt["text"]))
        self.known["prompts"] = [prompt["id"] for prompt in found]

    async def ask(self, request: Request) -> dict[str, Any]:
        """Send a request and return what can be compared of the answer."""
        path = "/" + "/".join(self._given(part) for part in request.path)
        query = {name: self._value(value) for name, value in request.query.items()}
        if query:
            path += "?" + urlencode(query, errors="surrogatepass")
        headers = {"If-Match": request.if_match} if request.if_match else {}
        if token := self.tokens.get(request.who):
            headers["Authorization"] = f"Bearer {token}"
        body = self._resolved(request.body)
        status, told, text = await self._exchange(
            request.method, path, body, headers, form=request.form, file=request.file
        )
        if request.file is not None and status == 201:
            await self._settle(orjson.loads(text)["id"], headers)
        self._learn(request, status, told, text)
        if request.operation in VARYING:
            # 204: there is no prompt today, if the one that fell to this person is answered.
            return {"status": 200 if status == 204 else status}
        if request.operation in UNORDERED and status == 200:
            return {"status": status, "items": len(orjson.loads(text))}
        shown = {name: self.comparable(told[name]) for name in HEADERS if name in told}
        return {"status": status, "headers": shown, "body": self.comparable(text)}

    def comparable(self, text: str) -> str:
        """Replace ids, instants and secrets by their order of appearance."""
        return _GENERATED.sub(
            lambda found: self.names.setdefault(found[0], f"<{len(self.names)}>"),
            _FOLDER.sub("..", text.replace(f"localhost:{self.server.port}", "localhost")),
        )

    async def _exchange(
        self,
        method: str,
        path: str,
        body: Any,
        headers: dict[str, str],
        *,
        form: bool = False,
        file: int | None = None,
    ) -> tuple[int, dict[str, str], str]:
        options: dict[str, Any] = {"headers": headers}
        if file is not None and isinstance(body, dict):
            options["data"] = _with_file(body, file)
        elif form and isinstance(body, dict):
            options["data"] = urlencode(body, errors="surrogatepass").encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif body is not None:
            # Not orjson: it refuses half of a surrogate pair, which servers have to refuse.
            options["data"] = io.BytesIO(json.dumps(body).encode())
            headers["Content-Type"] = "application/json"
        url = URL(self.server.url + path, encoded=True)
        async with self.session.request(method, url, allow_redirects=False, **options) as answer:
            return (
                answer.status,
                dict(answer.headers),
                (await answer.read()).decode(errors="replace"),
            )

    async def _settle(self, media_id: str, headers: dict[str, str]) -> None:
        """Wait for the pictures of an upload, which come at their own time."""
        for _ in range(200):
            path = f"/api/v1/media/{media_id}/details"
            _, _, text = await self._exchange("GET", path, None, headers)
            if orjson.loads(text).get("upload_status") != "pending":
                return
            await asyncio.sleep(0.05)

    def _learn(self, request: Request, status: int, told: dict[str, str], text: str) -> None:
        if cursor := told.get("X-Next-Cursor"):
            self.known.setdefault("cursors", []).append(cursor)
        group = _kind(request)
        is_json = "json" in told.get("Content-Type", "")
        if group is None or status not in (200, 201) or not is_json:
            return
        said = orjson.loads(text)
        for one in said if isinstance(said, list) else [said]:
            if isinstance(one, dict) and isinstance(one.get("id"), str):
                ids = self.known.setdefault(group, [])
                if one["id"] not in ids:
                    ids.append(one["id"])

    def _given(self, part: str | Known) -> str:
        return part if isinstance(part, str) and "%" in part else quote(str(self._value(part)))

    def _resolved(self, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        return {name: self._value(value) for name, value in body.items()}

    def _value(self, value: Any) -> Any:
        if not isinstance(value, Known):
            return value
        ids = self.known.get(value.kind)
        return ids[value.number % len(ids)] if ids else "018f0000-0000-7000-8000-000000000001"


def _with_file(body: dict[str, Any], seed: int) -> FormData:
    form = FormData(default_to_multipart=True)
    for name, value in body.items():
        if name != "file":
            form.add_field(name, str(value).encode(errors="replace").decode())
    form.add_field("file", png(seed=seed), filename="row.png")
    return form


def _kind(request: Request) -> str | None:
    name = request.operation
    if "media_uploads" in name:
        return None if name.endswith("finish") else "uploads"
    if "_media" in name:
        return "media"
    if "moods_log" in name:
        return "logs"
    if name.endswith("_users") or "admin_users" in name:
        return "users"
    if "invites" in name:
        return "invites"
    if "tags" in name and "tags_tag_id_entries" not in name:
        return "tags"
    return next((kind for part, kind in _GROUPS.items() if f"_{part}" in name), None)
