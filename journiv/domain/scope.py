"""Who is asking. A store binds every statement of a unit of work to one scope."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserScope:
    """One person's data and nothing else."""

    user_id: str


@dataclass(frozen=True, slots=True)
class SystemScope:
    """The installation itself: sign-in, jobs, the command line. Reaches no journal text by id."""


Scope = UserScope | SystemScope
SYSTEM = SystemScope()
