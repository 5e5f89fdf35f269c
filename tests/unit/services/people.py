"""A clock to turn, passwords without hashing, and the services of accounts and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from journiv.builtin.opaque_tokens import OpaqueTokens
from journiv.contracts.auth import (
    Credentials,
    LoginOption,
    PasswordAuthenticator,
    Person,
    Proof,
)
from journiv.contracts.storage import Store
from journiv.contracts.tokens import Principal
from journiv.domain.errors import AuthenticationFailed, Violation
from journiv.domain.events import Event
from journiv.services.accounts.account_rows import Account
from journiv.services.accounts.accounts import Accounts, NewAccount, SignUpPolicy
from journiv.services.accounts.admin import Administration
from journiv.services.accounts.audit import Audit
from journiv.services.accounts.own_password import OwnPassword
from journiv.services.accounts.passwords import Passwords
from journiv.services.accounts.profiles import Profiles
from journiv.services.factors.mfa import Challenges
from journiv.services.factors.second_factor import SecondFactor
from journiv.services.server.sealing import Sealing
from journiv.services.signin.backoff import Backoff
from journiv.services.signin.known_devices import KnownDevices
from journiv.services.signin.origins import Origins
from journiv.services.signin.principals import Principals
from journiv.services.signin.sessions import Client, SessionRules, Sessions
from journiv.services.signin.signin import SignedIn, SignIn

PASSWORD = "quill-Lantern-harbour-47"
RULES = SessionRules(
    access=timedelta(minutes=15), idle=timedelta(days=7), absolute=timedelta(days=30)
)


@dataclass
class TurnedClock:
    moment: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def later(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class PlainPasswords(PasswordAuthenticator):
    """Keeps passwords reversed, refuses short ones, and remembers what it was asked."""

    name: str = "local"
    asked: list[Credentials] = field(default_factory=list)
    rehashed: Mapping[str, Any] | None = None

    def option(self) -> LoginOption:
        return LoginOption(name=self.name, kind="password", label="Password")

    async def authenticate(self, credentials: Credentials) -> Proof:
        self.asked.append(credentials)
        stored = credentials.stored or {}
        if stored.get("reversed") != credentials.secret[::-1]:
            raise AuthenticationFailed("Incorrect email or password")
        return Proof(
            provider=self.name,
            subject=credentials.subject,
            claims={"amr": ["pwd"]},
            data=self.rehashed,
        )

    def check_policy(self, password: str, person: Person) -> list[Violation]:
        if len(password) < 8:
            return [Violation((), "password_too_short", "Password is too short")]
        return []

    async def enrol(self, password: str) -> Mapping[str, Any]:
        return {"reversed": password[::-1]}


class Household:
    """The services of accounts and sessions over one store."""

    def __init__(
        self, store: Store, rules: SessionRules = RULES, policy: SignUpPolicy | None = None
    ) -> None:
        self.store = store
        self.clock = TurnedClock()
        self.authenticator = PlainPasswords()
        self.events: list[Event] = []
        tokens = OpaqueTokens((b"k" * 32,), self.clock)
        passwords = Passwords(self.authenticator)
        self.audit = Audit(store, (b"a" * 32,), (b"p" * 32,))
        self.sessions = Sessions(store, self.clock, tokens, (b"r" * 32,), rules, self.audit)
        self.principals = Principals(store, self.clock, (tokens,))
        self.accounts = Accounts(
            store, self.clock, passwords, policy or SignUpPolicy(), self.events.append, self.audit
        )
        self.admin = Administration(store, self.clock, passwords, self.accounts, self.audit)
        backoff = Backoff(b"b" * 32, enabled=True)
        sealing = Sealing((b"s" * 32,))
        self.factor = SecondFactor(sealing)
        self.own_password = OwnPassword(store, self.clock, passwords, backoff, self.audit)
        self.profiles = Profiles(store, self.clock, passwords, self.own_password, self.audit)
        self.devices = KnownDevices((b"d" * 32,))
        self.sign_in = SignIn(
            store,
            self.clock,
            passwords,
            self.sessions,
            backoff,
            self.audit,
            Challenges(self.factor),
            Origins(sealing),
            self.devices,
        )

    async def register(self, email: str = "sam@example.org") -> Account:
        return await self.accounts.register(NewAccount(email=email, name="Sam", password=PASSWORD))

    async def enter(self, email: str = "sam@example.org", *, kind: str = "api") -> SignedIn:
        return await self.sign_in.with_password(email, PASSWORD, Client(kind=kind))

    async def principal(self, email: str = "sam@example.org") -> Principal:
        return await self.principals.principal((await self.enter(email)).tokens.access)
