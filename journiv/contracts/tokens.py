"""Access tokens: who a request says it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from journiv.contracts.backend import Backend
from journiv.domain.scope import UserScope

CLOCK_SKEW: Final = 30
"""Seconds by which the clocks of two machines may differ."""


class TokenInvalid(Exception):
    """The token is this handler's, but forged, expired or malformed: the search ends with 401."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What an access token says. Times are Unix seconds.

    Of a `personal` access token, `session_id` is the id of the token.
    """

    user_id: str
    session_id: str
    security_version: int
    issued_at: int
    expires_at: int
    authenticated_at: int
    methods: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking: decided by the core from the claims and the session row, not by a token.

    `scopes` is None for a person's session; a personal access token may do only what they name.
    `must_enrol`: the server requires a second factor this session has not shown, so all it may do
    is to switch one on.
    """

    user_id: str
    session_id: str
    email: str
    role: str
    security_version: int
    expires_at: int
    authenticated_at: int
    scope: UserScope
    scopes: tuple[str, ...] | None = None
    must_enrol: bool = False

    @property
    def is_admin(self) -> bool:
        """Say whether this is an administrator."""
        return self.role == "admin"


class TokenHandler(ABC):
    """Recognises one kind of access token and may issue it."""

    name: str

    @abstractmethod
    async def verify(self, token: str) -> Claims | None:
        """Return the claims; None when the token is of another kind. Raises `TokenInvalid`."""

    @abstractmethod
    async def issue(self, claims: Claims) -> str:
        """Return a token with these claims and a random id, so that no two are the same."""

    async def ping(self) -> None:
        """Raise `Unavailable` when tokens cannot be checked now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBackend(Backend[TokenHandler]):
    """Offers a token handler; `JOURNIV_SESSION_TOKENS` names the issuing one.

    One that only verifies (`issues=False`) cannot be named there.
    """

    prefix: str
    issues: bool = True
