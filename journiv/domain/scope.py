"""Who is asking. A store binds every statement of a unit of work to one scope."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A request that must not be carried out twice: the caller's key, and a hash of it.

    `attempt` is this attempt's own random name, `at` its instant.
    """

    key: str
    request_hash: str
    attempt: str
    at: str


@dataclass(frozen=True, slots=True)
class UserScope:
    """One person's data and nothing else.

    With `once`, each transaction leaves a mark of that request beside what it writes.
    """

    user_id: str
    once: Once | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SystemScope:
    """The installation itself: sign-in, jobs, the command line. Reaches no journal text by id."""


Scope = UserScope | SystemScope
SYSTEM = SystemScope()
