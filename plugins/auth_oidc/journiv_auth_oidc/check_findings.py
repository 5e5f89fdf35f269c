"""How a step of `journiv oidc-check` ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["pass", "warn", "fail", "skip"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`sentence` says what was seen and, when that is not right, what to do about it."""

    step: str
    status: Status
    sentence: str
