"""What the checklist is judged by, gathered before any line is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from journiv.config import Settings
from journiv.services.doctor.machine import Machine
from journiv.services.doctor.outside import Outside
from journiv.services.doctor.seen import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the store tells. `audit_faults` is None when there is no key to check the log with.

    `key_since` is when the server first ran with the present `SECRET_KEY`, `backed_up` when the
    last backup was finished, and `drilled` when one was restored as a trial and was whole.
    """

    accounts: int = 0
    with_password: int = 0
    without_factor: int = 0
    outdated_hashes: int = 0
    unrotated_sessions: int = 0
    refused: int = 0
    key_since: datetime | None = None
    seen: Seen | None = None
    backed_up: datetime | None = None
    drilled: datetime | None = None
    audit_faults: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`stored` is None when the database could not be read, `outside` without `--online`.

    `redis` and `provider` are sentences when Redis or the sign-in provider does not answer, and
    None when it does or was not asked.
    """

    settings: Settings
    now: datetime
    version: str
    machine: Machine
    stored: Stored | None
    seen: Seen
    outside: Outside | None = None
    redis: str | None = None
    provider: str | None = None
