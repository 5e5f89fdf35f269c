"""What a line of the security checklist is, and what looking at it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from journiv.config import Settings

Status = Literal["pass", "warn", "fail", "manual"]


@dataclass(frozen=True, slots=True)
class Finding:
    """How a line stands; `advice` says what to do, and is empty when it passes."""

    status: Status
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: `run` judges the settings and changes nothing."""

    id: str
    title: str
    run: Callable[[Settings], Finding]


PASS = Finding("pass")


def unless(good: bool, status: Status, advice: str) -> Finding:
    """Return PASS when `good`, else a finding of `status` with its advice."""
    return PASS if good else Finding(status, advice)


def by_hand(advice: str) -> Callable[[Settings], Finding]:
    """Return the run of a line that only a person can judge."""
    return lambda settings: Finding("manual", advice)
