"""The web app in a real browser, as one person at one server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.api.server import ServerProcess

EMAIL = "mara@example.com"
PASSWORD = "the heron is back on the weir"

# What a browser writes by itself when a request is refused or nobody answers.
_NETWORK = re.compile(r"^Failed to load resource: (the server responded with|net::ERR_)")


@dataclass
class App:
    """A page of the app and what it complained about."""

    server: ServerProcess
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    bearer: dict[str, str] = field(default_factory=dict)

    def listen(self) -> None:
        """Collect errors of scripts, violations of the policy, and console errors."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def register(self) -> None:
        """Open the first account through the app."""
        await self.page.goto(f"{self.server.url}/register")
        await self.page.get_by_label("Your name").fill("Mara")
        await self.page.get_by_label("E-mail").fill(EMAIL)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Open my journal").click()
        await self.page.get_by_role("button", name="Begin to write").click()
        await expect(self.box).to_be_visible()

    async def sign_in(self) -> None:
        """Sign in at the door."""
        await self.page.get_by_label("E-mail").fill(EMAIL)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Sign in").click()

    @property
    def box(self) -> Locator:
        """Where one writes on Today."""
        return self.page.get_by_role("region", name="Write").locator("textarea")

    @property
    def status(self) -> Locator:
        """What the app says about the text."""
        return self.page.get_by_role("region", name="Write").get_by_role("status").last

    async def ask(self, path: str) -> Any:
        """Return what the server answers a program of this person's."""
        address = f"{self.server.url}/api/v1{path}"
        answer = await self.context.request.get(address, headers=await self._token())
        assert answer.ok, await answer.text()
        return await answer.json()

    async def entries(self) -> list[dict[str, str]]:
        """Return what the server holds, newest first, asked for as a program would."""
        answer = await self.context.request.get(self._address("/"), headers=await self._token())
        found: list[dict[str, str]] = await answer.json()
        return found

    async def change_elsewhere(self, entry_id: str, content: str) -> None:
        """Change an entry as another device would."""
        answer = await self.context.request.put(
            self._address(f"/{entry_id}"), data={"content": content}, headers=await self._token()
        )
        assert answer.ok, await answer.text()

    async def asked(self, method: str, path: str, sent: object = None) -> Any:
        """Ask the API as a program of this person would, and return what it answers."""
        self.bearer = self.bearer or await self._token()
        answer = await self.context.request.fetch(
            f"{self.server.url}/api/v1{path}",
            method=method,
            data=sent,
            headers=self.bearer,
        )
        assert answer.ok, await answer.text()
        return await answer.json()

    async def end_sessions(self) -> None:
        """End every session of this person, as from another device."""
        headers = await self._token()
        listed = await self.context.request.get(
            f"{self.server.url}/api/v1/sessions", headers=headers
        )
        assert listed.ok
        answer = await self.context.request.delete(
            f"{self.server.url}/api/v1/sessions", headers=headers
        )
        assert answer.ok, await answer.text()

    def _address(self, path: str) -> str:
        return f"{self.server.url}/api/v1/entries{path}"

    async def _token(self) -> dict[str, str]:
        login = {"email": EMAIL, "password": PASSWORD}
        opened = await self.context.request.post(f"{self.server.url}/api/v1/auth/login", data=login)
        return {"Authorization": f"Bearer {(await opened.json())['access_token']}"}

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _NETWORK.match(message.text):
            self.complaints.append(message.text)
