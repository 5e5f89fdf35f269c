"""What can go wrong, in the words of the domain; `journiv.api.problems` makes each an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Violation:
    """One refused input: where it is, which rule it breaks, and a sentence for the person.

    `loc` is a path such as `("body", "title")`; it never carries the refused value.
    """

    loc: tuple[str | int, ...]
    rule: str
    msg: str


class JournivError(Exception):
    """Base of every error a caller may meet. `detail` is one sentence, safe to show."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BadRequest(JournivError):
    """The request makes no sense as it stands."""


class NotFound(JournivError):
    """No such thing, or not yours: the two look the same."""


class Forbidden(JournivError):
    """Known, but not allowed to do this."""


class ReauthRequired(Forbidden):
    """Allowed, but only to somebody who has proved just now who they are."""


class EnrolmentRequired(Forbidden):
    """Signed in, but this server requires a second factor that has not been shown."""


class Conflict(JournivError):
    """Clashes with what is stored (a taken name, a used id with another body)."""


class LinkNeeded(Conflict):
    """The account with this address is not linked: `token` and its password link it."""

    def __init__(self, detail: str, token: str, email: str) -> None:
        super().__init__(detail)
        self.token = token
        self.email = email


class AuthenticationFailed(JournivError):
    """The proof of identity does not hold: wrong secret, unknown account, dead token."""


class SecondFactorNeeded(AuthenticationFailed):
    """The password was right; `token` and a code of the second factor finish the sign-in."""

    def __init__(self, detail: str, token: str) -> None:
        super().__init__(detail)
        self.token = token


class Invalid(JournivError):
    """Well-formed, but refused by one or more rules."""

    def __init__(self, violations: Sequence[Violation], detail: str | None = None) -> None:
        super().__init__(detail or violations[0].msg)
        self.violations = tuple(violations)


class Unprocessable(JournivError):
    """Refused by a rule of the journal that belongs to no single field."""


class PreconditionFailed(JournivError):
    """Changed since the caller read it. `current` is the stored wire form, for a merge."""

    def __init__(self, detail: str, current: Mapping[str, Any]) -> None:
        super().__init__(detail)
        self.current = current


class TooLarge(JournivError):
    """More bytes than are taken."""


class TooMany(JournivError):
    """Over a limit; `retry_after` is in whole seconds."""

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(JournivError):
    """Cannot be done right now; trying again after `retry_after` seconds may work."""

    def __init__(self, detail: str, retry_after: int = 2) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class StorageFull(JournivError):
    """The disk has no room for this write. Reading goes on."""


class NotSupported(JournivError):
    """This backend cannot do that; its capabilities say so."""


class ConfigError(JournivError):
    """A setting or a plugin is wrong: one sentence with the mend, exit code 78, no traceback."""
