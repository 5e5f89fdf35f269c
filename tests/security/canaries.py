"""Words that must not be seen again, and everything a server says in which to look for them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession

from tests.api.server import ServerProcess

PASSWORD = "canary-pw-Lantern-harbour-47"
TITLE = "Canarytitle of a secret day"
BODY = "Canarybody: up betimes and to my office."
SEARCHED = "canarysearchword"
FILE = "canaryfilename"
MAIL = "canary-mail@example.org"
STATE = "canarystate0123456789abcdef"
CODE = "canarycode0123456789abcdef"
SIGNATURE = "canarysignature0123456789abcdef"
DSN = "canary-dsn-password"
TOKEN = "jr1.0190c0de-1111-7222-8333-444455556666.canarytokenc2VjcmV0c2VjcmV0"

_PATH = re.compile(r"(?<![\w:/.])/(?:home|root|tmp|var|usr|opt|etc|proc|data|work)/[\w./-]*")


@dataclass(slots=True)
class Canaries:
    """The words, with those that a server makes up itself: tokens, codes and seeds."""

    words: set[str] = field(
        default_factory=lambda: {
            PASSWORD, TITLE, BODY, SEARCHED, FILE, MAIL, STATE, CODE, SIGNATURE, DSN, TOKEN,
        }
    )  # fmt: skip

    def keep(self, *words: str) -> None:
        """Add what was made up; too short a word would be found by chance."""
        self.words.update(word for word in words if len(word) >= 6)

    def keep_secrets_of(self, answer: Any) -> None:
        """Add the secrets of a JSON answer."""
        if isinstance(answer, Mapping):
            for name, value in answer.items():
                if isinstance(value, str) and re.search(r"token$|^secret$|^uri$", name):
                    if value.lower() != "bearer":
                        self.keep(value)
                elif name == "recovery_codes":
                    self.keep(*value)

    def seen_in(self, text: str) -> list[str]:
        """Return which of the words a text holds, in any case."""
        folded = text.casefold()
        return sorted(word for word in self.words if word.casefold() in folded)


@dataclass(slots=True)
class Witness:
    """Asks a server and remembers what it answered; `repeated` are errors with a known word."""

    server: ServerProcess
    session: ClientSession
    canaries: Canaries
    answers: list[tuple[str, int, str]] = field(default_factory=list)
    repeated: list[tuple[str, int, list[str]]] = field(default_factory=list)

    async def ask(
        self, method: str, path: str, *, token: str | None = None, **options: Any
    ) -> tuple[int, Any]:
        """Send a request to `path` and return the status and, where it is JSON, the body."""
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with self.session.request(
            method, self.server.url + path, headers=headers, allow_redirects=False, **options
        ) as response:
            text = await response.text(errors="replace")
            what = f"{method} {path}"
            self.answers.append((what, response.status, text))
            if response.status >= 400 and (seen := self.canaries.seen_in(text)):
                self.repeated.append((what, response.status, seen))
            body = await response.json(content_type=None) if "json" in response.content_type else {}
        self.canaries.keep_secrets_of(body)
        return response.status, body

    def answers_with_paths(self) -> list[tuple[str, list[str]]]:
        """Return the answers that name a file of the machine."""
        return [
            (what, found)
            for what, _, text in self.answers
            if (found := [*_PATH.findall(text)]) or str(self.server.folder) in text
        ]


def audited(server: ServerProcess) -> str:
    """Return the audit log as text."""
    path = server.folder / "data" / "journiv.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows: Iterable[Any] = connection.execute("SELECT * FROM audit").fetchall()
    return "\n".join(map(str, rows))
