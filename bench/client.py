"""Single requests, to set up and to look at what is measured."""

from __future__ import annotations

import http.client
import json
from typing import Any, Final

from bench.processes import Process

PERSON: Final = {"email": "bench@example.org", "password": "measure-Twice-cut-1", "name": "Bench"}
SIGN_IN: Final = "/api/v1/auth/login"


class Client:
    """Speaks to one server as somebody, by default as the person who has the corpus.

    `number` is part of the loopback address it comes from: sign-ins are counted for each.
    """

    def __init__(self, server: Process, email: str = PERSON["email"], number: int = 1) -> None:
        self.server = server
        self._source = (f"127.0.0.{number}", 0)
        self.token = ""
        self._person = {**PERSON, "email": email}

    def register(self) -> str:
        """Make the account, sign in, and return its id."""
        made = self.post("/auth/register", self._person)
        self.sign_in()
        return str(made["id"])

    def sign_in(self) -> None:
        """Get a token for further requests."""
        self.token = self.post("/auth/login", self._person)["access_token"]

    def get(self, path: str) -> Any:
        """Return the JSON of a path below `/api/v1`."""
        return json.loads(self.body("GET", f"/api/v1{path}"))

    def post(self, path: str, body: Any) -> Any:
        """Send JSON to a path below `/api/v1` and return the answer's."""
        return json.loads(self.body("POST", f"/api/v1{path}", json.dumps(body)))

    def body(self, method: str, path: str, body: str | None = None) -> bytes:
        """Return the bytes of an answer; anything but 2xx ends the program."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, timeout=60, source_address=self._source
        )
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(method, path, body.encode() if body else None, headers)
            answer = connection.getresponse()
            read = answer.read()
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise SystemExit(f"{method} {path} answered {answer.status}: {read[:300]!r}")
        return read
