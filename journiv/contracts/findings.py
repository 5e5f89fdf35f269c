"""How a line of the security checklist stands (`journiv doctor`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["pass", "warn", "fail", "manual"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: `id` and `title` name it, `advice` says what to do and is empty when it passes.

    `manual` is what only a person can judge. A finding never holds a secret or a diary's text.
    """

    id: str
    title: str
    status: Status
    advice: str = ""
