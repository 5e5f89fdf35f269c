"""Who somebody is: authenticators prove, the core decides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from journiv.contracts.backend import Backend
from journiv.domain.errors import BadRequest, Violation

if TYPE_CHECKING:
    from journiv.contracts.routes import RouteDef


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginOption:
    """How a sign-in page offers this way in: `password` (a form) or `redirect` (a button).

    `auto_launch`: the page goes there by itself instead of waiting for the button.
    """

    name: str
    kind: str
    label: str
    url: str | None = None
    auto_launch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a password policy may look at beside the password."""

    email: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What somebody presented. `stored` is the identity's data, None for an unknown subject."""

    subject: str
    secret: str = field(repr=False)
    stored: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Somebody proved to be `subject` at `provider`. The core finds or makes the account.

    When `data` is given, the core stores it with the identity (a re-hashed password, say).
    """

    provider: str
    subject: str
    claims: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A provider says that its session is over (back-channel logout).

    `session` or `subject` is there; `token_id` names the message, which counts once.
    """

    provider: str
    session: str | None
    subject: str | None
    token_id: str


class Authenticator(ABC):
    """One way to sign in."""

    name: str

    @abstractmethod
    def option(self) -> LoginOption:
        """Say how a sign-in page offers this."""

    @abstractmethod
    async def authenticate(self, credentials: Credentials) -> Proof:
        """Check credentials. Raises `AuthenticationFailed`; unknown subjects cost the same time."""

    def routes(self) -> Iterable[RouteDef]:
        """Return routes of a redirect flow, below `/api/v1`."""
        return ()

    async def ping(self) -> None:
        """Raise `Unavailable` when sign-in cannot work now."""

    async def close(self) -> None:
        """Let go of threads and connections."""


class PasswordAuthenticator(Authenticator):
    """An authenticator whose secret is a password the core may set."""

    @abstractmethod
    def check_policy(self, password: str, person: Person) -> list[Violation]:
        """Return why a new password is refused; `loc` is empty. No violations: it will do."""

    @abstractmethod
    async def enrol(self, password: str) -> Mapping[str, Any]:
        """Return what to store with the identity for this password (a hash, never the text)."""

    def outdated(self, stored: Mapping[str, Any]) -> bool:
        """Say whether `enrol` would store something stronger than this today."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirection:
    """Where to send a browser, and what to keep for its return: `state` names it, once."""

    url: str = field(repr=False)  # carries `state`
    state: str = field(repr=False)
    kept: Mapping[str, str] = field(repr=False)


class RedirectAuthenticator(Authenticator):
    """An authenticator that sends the browser elsewhere and judges what it brings back.

    `provisions`: whether somebody unknown gets an account. `links_by_email`: whether an address
    the provider has verified opens the account that has it. A proof's claims are `email` and
    `name` (texts), `email_verified` (True or False), `admin` (True or False when the provider
    decides that, None otherwise), `second_factor` (whether the provider asked for one), and
    `session` and `hint` (texts or None): the provider's session and what `leave` needs to end it.
    """

    provisions: bool
    links_by_email: bool = False

    @abstractmethod
    async def begin(self) -> Redirection:
        """Start a sign-in. Raises `Unavailable` when the provider does not answer."""

    @abstractmethod
    async def complete(self, kept: Mapping[str, str], returned: Mapping[str, str]) -> Proof:
        """Judge the query a browser returned with.

        Raises `BadRequest` or `Forbidden` with a sentence for the person, `Unavailable` when the
        provider does not answer.
        """

    async def leave(self, hint: str | None, state: str) -> str | None:
        """Return where a browser ends its session at the provider; None when it has no such page.

        The provider brings `state` back. Raises `Unavailable`.
        """
        return None

    async def ended(self, token: str) -> Ended:
        """Judge a provider's message that a session is over. Raises `BadRequest`, `Unavailable`."""
        raise BadRequest("This sign-in provider ends no sessions here")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthBackend(Backend[Authenticator]):
    """Offers an authenticator; `JOURNIV_AUTH` lists the names in use, in order."""
