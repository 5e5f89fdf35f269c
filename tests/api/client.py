"""An HTTP client for tests; every answer passes the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiohttp import ClientSession
from multidict import CIMultiDictProxy

from tests.api.contract import Contract


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def detail(self) -> str:
        detail: str = self.json["detail"]
        return detail


class ApiClient:
    """Speaks to one server, as one person when it has a token. Paths are below `/api/v1`."""

    def __init__(
        self,
        session: ClientSession,
        url: str,
        contract: Contract,
        *,
        token: str | None = None,
        user: Mapping[str, Any] | None = None,
        password: str = "",
    ) -> None:
        self.session = session
        self.url = url
        self.contract = contract
        self.token = token
        self.user = dict(user or {})
        self.password = password

    def anonymous(self) -> ApiClient:
        return ApiClient(self.session, self.url, self.contract)

    def with_token(self, token: str) -> ApiClient:
        return ApiClient(
            self.session,
            self.url,
            self.contract,
            token=token,
            user=self.user,
            password=self.password,
        )

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.request("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> Answer:
        return await self.request("POST", path, json=json, **options)

    async def put(self, path: str, json: Any = None, **options: Any) -> Answer:
        return await self.request("PUT", path, json=json, **options)

    async def patch(self, path: str, json: Any = None, **options: Any) -> Answer:
        return await self.request("PATCH", path, json=json, **options)

    async def delete(self, path: str, **options: Any) -> Answer:
        return await self.request("DELETE", path, **options)

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        root: bool = False,
        **options: Any,
    ) -> Answer:
        """Send a request; `root` takes the path as it is instead of below `/api/v1`."""
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if json is not None:
            options["data"] = orjson.dumps(json)
            sent.setdefault("Content-Type", "application/json")
        whole = path if root else f"/api/v1{path}"
        async with self.session.request(
            method, self.url + whole, headers=sent, allow_redirects=False, **options
        ) as response:
            answer = Answer(response.status, response.headers, await response.read())
        self._check(method, urlsplit(whole).path, answer)
        return answer

    def _check(self, method: str, path: str, answer: Answer) -> None:
        body: Any = answer.body
        if "json" in answer.headers.get("Content-Type", "") and answer.body:
            body = answer.json
        self.contract.check(method, path, answer.status, answer.headers, body)
