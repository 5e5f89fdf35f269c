"""A person's browser between the journal and the provider: it keeps cookies and follows links."""

from __future__ import annotations

import html
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from aiohttp import ClientSession

_FORM = re.compile(r'<form[^>]*\saction="([^"]*)"')
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"')
_MOST = 20


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser shows at the end of its way."""

    url: str
    status: int
    text: str

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query))


class Browser:
    """`session` keeps the cookies; `journal` is the server's address."""

    def __init__(self, session: ClientSession, journal: str) -> None:
        self.session = session
        self.journal = journal
        self.visited: list[str] = []
        self._tls = ssl.create_default_context()

    def trusts(self, authority: Path) -> None:
        """Take certificates of one more authority."""
        self._tls.load_verify_locations(authority)

    async def open(self, url: str) -> Page:
        """Go to an address and wherever it leads, stopping at the journal's own pages."""
        return await self._follow("GET", url, None)

    async def submit(self, page: Page, **fields: str) -> Page:
        """Send the page's form with what it hides and what a person types."""
        form = _FORM.search(page.text)
        assert form is not None, page.text
        hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(page.text)}
        target = urljoin(page.url, html.unescape(form[1]))
        return await self._follow("POST", target, {**hidden, **fields})

    async def sign_in(self, login: str = "alice", way: str = "/oidc") -> Page:
        """Press the journal's button, go through the provider's pages, and come back."""
        return await self.authorize(await self.open(f"{self.journal}/api/v1{way}/login"), login)

    async def authorize(self, page: Page, login: str) -> Page:
        """Go through the provider's pages and return where the journal takes over."""
        for _ in range(_MOST):
            if page.url.startswith(self.journal) or page.status >= 400:
                return page
            typed = {"login": login, "password": "anything"} if 'name="login"' in page.text else {}
            page = await self.submit(page, **typed)
        raise AssertionError(f"no end at {page.url}")

    async def api(
        self, method: str, path: str, json: Any = None, **headers: str
    ) -> tuple[int, Any]:
        """Ask the journal as a script of its page would; header names take `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(
            method, f"{self.journal}/api/v1{path}", json=json, headers=named, ssl=self._tls
        ) as answer:
            return answer.status, await answer.json() if await answer.read() else None

    async def tokens(self, page: Page, **headers: str) -> dict[str, Any]:
        """Exchange the ticket of `/oidc-finish` for tokens."""
        assert urlsplit(page.url).path == "/oidc-finish", (page.url, page.text)
        status, body = await self.api(
            "POST", "/auth/oidc/exchange", {"ticket": page.query["ticket"]}, **headers
        )
        assert status == 200, body
        return dict(body)

    async def _follow(self, method: str, url: str, data: dict[str, str] | None) -> Page:
        for _ in range(_MOST):
            self.visited.append(url)
            if self._is_page_of_the_journal(url):
                return Page(url, 200, "")
            async with self.session.request(
                method,
                url,
                data=data,
                headers={"Accept": "text/html"},
                allow_redirects=False,
                ssl=self._tls,
            ) as answer:
                if "Location" not in answer.headers:
                    return Page(url, answer.status, await answer.text())
                target = urljoin(url, answer.headers["Location"])
                if answer.status in (302, 303):
                    method, data = "GET", None
                url = target
        raise AssertionError(f"redirected without end: {self.visited}")

    def _is_page_of_the_journal(self, url: str) -> bool:
        """The web client answers there: its page is not what these tests are about."""
        return url.startswith(self.journal) and not url.startswith(f"{self.journal}/api/")
