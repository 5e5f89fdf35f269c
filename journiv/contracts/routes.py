"""Routes: the one contract that names aiohttp types."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from journiv.contracts.schema import Shape
from journiv.contracts.tokens import Principal
from journiv.domain.scope import UserScope


class Access(enum.Enum):
    """Who may call a route. There is no default: forgetting it must not open a door."""

    PUBLIC = "public"
    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A query parameter. `kind`: int, bool, text, uuid, day, instant or choice."""

    name: str
    kind: str
    required: bool = False
    default: Any = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    help: str = ""


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, checked: path ids are canonical UUIDs, query values typed, the body validated.

    `body` holds only declared fields that were sent (`None` when the route takes none).
    """

    request: web.Request
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    client: str
    request_id: str
    caller: Principal | None = None
    readmit: Callable[[], Awaitable[Principal | None]] | None = None

    async def still_admitted(self) -> None:
        """Decide again who is calling, after a body that the handler read itself.

        A slow body must not carry the rights of a session past its end. Raises
        `AuthenticationFailed` or `Forbidden`.
        """
        if self.readmit is not None:
            self.caller = await self.readmit()

    @property
    def principal(self) -> Principal:
        """Who is asking; only on routes that are not public."""
        if self.caller is None:
            raise RuntimeError("a public route asked for its principal")
        return self.caller

    @property
    def scope(self) -> UserScope:
        """The caller's own data."""
        return self.principal.scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that is more than its JSON: another status or headers of its own.

    A `multidict.CIMultiDict` of headers may hold one more than once.
    """

    payload: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDef:
    """One operation.

    `path` is relative to where it is mounted (`/api/v1`, or `/api/v1/x/<plugin>` for a plugin's)
    and may hold `{name}` parts. Those whose name ends in `_id` are UUIDs: malformed ones get 422.
    The handler returns JSON-ready data (sent with the first 2xx status of `answers`), a `Reply`,
    or a prepared `web.StreamResponse`. `answers` maps each status to its shape, None for no body,
    or `{"content": "image/webp image/png"}` for media types other than JSON; error answers are the
    same everywhere and are not listed. `body_kind` is `json` or `form`, or `multipart` or `bytes`:
    these two are only described, with the type `file` for what is a file, and the handler reads
    them as a stream and then asks `Call.still_admitted`. `slow` marks a POST whose body is too
    large for `Idempotency-Key`, which keeps it in memory.
    `limit` names a stricter rate-limit bucket (`sign-in`); `counted=False` leaves a route out of
    the general limit (probes). `scope` names what a personal access token must be allowed to do;
    without one, no such token is let in. `keeps_answer=False` never stores the answer for
    `Idempotency-Key`, because it holds a secret. `for_enrolment` lets in who may do nothing yet
    but switch a second factor on.
    """

    method: str
    path: str
    handler: Handler
    access: Access
    summary: str
    answers: Mapping[int, Shape | Mapping[str, Any] | None]
    query: tuple[Param, ...] = ()
    body: Shape | None = None
    body_kind: str = "json"
    body_required: bool = True
    tag: str = ""
    limit: str | None = None
    counted: bool = True
    slow: bool = False
    scope: str | None = None
    keeps_answer: bool = True
    for_enrolment: bool = False
