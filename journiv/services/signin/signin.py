"""Signing in with a password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from journiv.contracts.auth import Proof
from journiv.contracts.records import IdentityRecord, SessionRecord, UserRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import AuthenticationFailed, SecondFactorNeeded, Unavailable
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import normal_email
from journiv.services.accounts.audit import Audit
from journiv.services.accounts.passwords import Passwords
from journiv.services.factors.mfa import Challenges
from journiv.services.signin.backoff import Backoff
from journiv.services.signin.known_devices import KnownDevices
from journiv.services.signin.origins import Origins
from journiv.services.signin.principals import INACTIVE
from journiv.services.signin.sessions import Client, Opened, Sessions, Tokens

CODE_NEEDED: Final = "A code of your second factor is needed"
WRONG_CODE: Final = "This code is not right, or signing in took too long"
WRONG: Final = "Incorrect email or password"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has signed in; `device` is by what their device is known from now on."""

    user: UserRecord
    tokens: Tokens
    device: str = field(default="", repr=False)


class SignIn:
    """Checks a password and opens a session."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        passwords: Passwords,
        sessions: Sessions,
        backoff: Backoff,
        audit: Audit,
        challenges: Challenges,
        origins: Origins,
        devices: KnownDevices,
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords
        self._sessions = sessions
        self._backoff = backoff
        self._audit = audit
        self._challenges = challenges
        self._origins = origins
        self._devices = devices

    async def with_password(self, email: str, password: str, client: Client) -> SignedIn:
        """Sign somebody in.

        Raises `AuthenticationFailed`, the same for an unknown address and a wrong password. That
        an account is switched off is told only to somebody who knows its password. Raises
        `TooMany` after too many failures.
        """
        self._passwords.require()
        address = normal_email(email)
        whose = self._whose(address, client)
        user, identity = await self._known(address, whose)
        proof = await self._proof(address, password, identity, client, whose)
        if user is None or identity is None:
            raise AuthenticationFailed(WRONG)
        owner = user["id"]
        if not user["is_active"]:
            await self._store.write(SYSTEM, lambda tx: self._refused(tx, owner, "sign-in", client))
            raise AuthenticationFailed(INACTIVE)
        opened = self._sessions.opened(user, client, _methods(proof))
        challenge = self._challenges.make(self._clock.now())

        def work(tx: Transaction) -> bool:
            self._still(tx, opened)
            self._backoff.right(tx, whose, self._clock.now())
            if proof.data is not None:
                tx.identities.set_data(identity["id"], proof.data, opened.record["created_at"])
            if self._challenges.factor.is_on(tx, user["id"], self._clock.now()):
                self._challenges.put(tx, challenge, user, _methods(proof))
                return False
            self._keep(tx, opened, client)
            return True

        if not await self._store.write(SYSTEM, work):
            raise SecondFactorNeeded(CODE_NEEDED, challenge.token)
        return await self._signed_in(user, opened, client)

    async def with_code(self, token: str, code: str, client: Client) -> SignedIn:
        """Finish a sign-in with a code of the second factor, or a recovery code.

        Raises `AuthenticationFailed`, the same for a wrong code and a dead transaction.
        """
        now = self._clock.now()
        found = await self._store.read(SYSTEM, lambda tx: self._challenges.holder(tx, token, now))
        if found is None:
            raise AuthenticationFailed(WRONG_CODE)
        user, challenge = found
        opened = self._sessions.opened(user, client, [*challenge["methods"], "otp", "mfa"])

        def work(tx: Transaction) -> bool:
            if not self._challenges.answered(tx, token, code, now):
                self._refused(tx, user["id"], "sign-in.code", client)
                return False
            self._keep(tx, opened, client)
            if challenge.get("arrival") is not None:
                self._origins.keep(tx, opened.record, challenge["arrival"])
            return True

        if not await self._store.write(SYSTEM, work):
            raise AuthenticationFailed(WRONG_CODE)
        return await self._signed_in(user, opened, client)

    async def _signed_in(self, user: UserRecord, opened: Opened, client: Client) -> SignedIn:
        tokens = await self._sessions.tokens(opened.record, opened.secret)
        email, now = user["email"], self._clock.now()
        known = self._devices.recognised(client.device, email, now)
        return SignedIn(
            UserRecord(**{**user, "last_login_at": opened.record["created_at"]}),
            tokens,
            self._devices.token(email, known, now),
        )

    def _whose(self, address: str, client: Client) -> str:
        """Say whose attempts these are: a known device's own, or everybody's at this address."""
        known = self._devices.recognised(client.device, address, self._clock.now())
        return address if known is None else f"{address} {known}"

    async def _known(
        self, address: str, whose: str
    ) -> tuple[UserRecord | None, IdentityRecord | None]:
        now, provider = self._clock.now(), self._passwords.provider

        def work(tx: Transaction) -> tuple[UserRecord | None, IdentityRecord | None]:
            self._backoff.attempt(tx, whose, now)
            identity = tx.identities.find(provider, address)
            return (None if identity is None else tx.users.get(identity["user_id"])), identity

        return await self._store.write(SYSTEM, work)

    async def _proof(
        self,
        address: str,
        password: str,
        identity: IdentityRecord | None,
        client: Client,
        whose: str,
    ) -> Proof:
        try:
            return await self._passwords.prove(address, password, identity)
        except AuthenticationFailed:
            await self._store.write(SYSTEM, lambda tx: self._failed(tx, whose, identity, client))
            raise
        except Unavailable:
            now = self._clock.now()
            await self._store.write(SYSTEM, lambda tx: self._backoff.unjudged(tx, whose, now))
            raise

    def _failed(
        self, tx: Transaction, whose: str, identity: IdentityRecord | None, client: Client
    ) -> None:
        # Written for a stranger too: an answer takes as long whether there is an account or not.
        self._backoff.wrong(tx, whose, self._clock.now())
        if identity is not None:
            self._refused(tx, identity["user_id"], "sign-in", client)

    def _refused(self, tx: Transaction, owner: str, event: str, client: Client) -> None:
        at = instant(self._clock.now())
        self._audit.record(tx, event, owner, at, result="refused", source=client.source)

    def _told(self, tx: Transaction, session: SessionRecord, client: Client) -> None:
        owner, at = session["user_id"], session["created_at"]
        self._audit.record(tx, "sign-in", owner, at, object=session["id"], source=client.source)

    @staticmethod
    def _still(tx: Transaction, opened: Opened) -> None:
        user = tx.users.get(opened.record["user_id"])
        # While the password was hashed, the account may have changed its password or gone.
        if user is None or user["security_version"] != opened.record["security_version"]:
            raise AuthenticationFailed(WRONG)

    def _keep(self, tx: Transaction, opened: Opened, client: Client) -> None:
        session = opened.record
        tx.users.change(session["user_id"], {"last_login_at": session["created_at"]})
        self._sessions.keep(tx, opened)
        self._told(tx, session, client)


def _methods(proof: Proof) -> Sequence[str]:
    named: Any = proof.claims.get("amr", ())
    return tuple(str(name) for name in named)
