"""Who must have a second factor on this server (`REQUIRE_MFA`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SHOWN: Final = ("otp", "mfa")
"""What a session's methods say beside the first factor once a code was right (RFC 8176)."""


@dataclass(frozen=True, slots=True)
class MfaPolicy:
    """`required_of` is `off`, `admins` or `all`."""

    required_of: str = "off"

    def holds_back(self, role: str, methods: str) -> bool:
        """Say whether a session that was opened this way may only enrol a second factor."""
        if self.required_of == "off" or "mfa" in methods.split():
            return False
        return self.required_of == "all" or role == "admin"


NOBODY: Final = MfaPolicy()


def with_factor(methods: str) -> str:
    """Return a session's methods after a code of the second factor was right."""
    return " ".join(dict.fromkeys((*methods.split(), *SHOWN)))


def without_factor(methods: str) -> str:
    """Return a session's methods after the second factor was switched off."""
    return " ".join(method for method in methods.split() if method not in SHOWN)
