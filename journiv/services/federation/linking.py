"""Linking a provider's identity to an account that exists, never by its address alone (D11)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, Final

from journiv.contracts.records import IdentityRecord, UserRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import (
    AuthenticationFailed,
    BadRequest,
    Forbidden,
    LinkNeeded,
    Unavailable,
)
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import identity_of
from journiv.services.accounts.audit import Audit
from journiv.services.accounts.onetime import Link, OneTime
from journiv.services.accounts.passwords import Passwords
from journiv.services.factors.second_factor import SecondFactor
from journiv.services.signin.backoff import Backoff
from journiv.services.signin.origins import Arrival, Origins
from journiv.services.signin.sessions import Client, Opened, Sessions
from journiv.services.signin.signin import CODE_NEEDED, WRONG, SignedIn

LIFE: Final = timedelta(minutes=10)
TRIES: Final = 5
DEAD: Final = "This link has been used or is no longer valid; start the sign-in again"
NEEDED: Final = "An account with this address exists. Prove that it is yours to link it."
UNPROVABLE: Final = (
    "An account with this address exists and has no password to prove it by. "
    "Sign in to it as before, and link this sign-in there."
)


class Linking:
    """Links somebody who arrived unknown, once they prove the account that has their address."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        passwords: Passwords,
        sessions: Sessions,
        backoff: Backoff,
        audit: Audit,
        factor: SecondFactor,
        origins: Origins,
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords
        self._sessions = sessions
        self._backoff = backoff
        self._audit = audit
        self._factor = factor
        self._origins = origins
        self._links = OneTime("identity-links", "jlnk_", "")

    async def offer(self, arrival: Arrival, browser: str) -> LinkNeeded:
        """Return what to tell somebody whose address has an account, good in this browser only.

        Raises `Forbidden` when that account has no password to prove it by.
        """
        link = self._links.make(self._clock.now() + LIFE)
        value = {
            "arrival": arrival,
            "browser": _digest(browser),
            "tries": 0,
            "expires_at": link.expires_at,
        }

        def work(tx: Transaction) -> None:
            user = tx.users.by_email(arrival["email"])
            if user is None or identity_of(tx, user["id"], self._passwords.provider) is None:
                raise Forbidden(UNPROVABLE)
            self._links.put(tx, link, value)

        self._passwords.require()
        await self._store.write(SYSTEM, work)
        return LinkNeeded(NEEDED, link.token, arrival["email"])

    async def prove(
        self, token: str, browser: str, password: str, code: str | None, client: Client
    ) -> SignedIn:
        """Link by the account's password, and a code when it has a second factor; sign in.

        Raises `BadRequest` for a dead link or a missing or wrong code, `AuthenticationFailed` for
        a wrong password, `TooMany` after too many.
        """
        self._passwords.require()
        now = self._clock.now()
        user, identity = await self._store.write(
            SYSTEM, lambda tx: self._begun(tx, self._waiting(tx, token, browser, now), now)
        )
        try:
            await self._passwords.prove(identity["subject"], password, identity)
        except AuthenticationFailed:
            await self._store.write(SYSTEM, lambda tx: self._refused(tx, token, user, client, now))
            raise AuthenticationFailed(WRONG) from None
        except Unavailable:
            address = user["email"]
            await self._store.write(SYSTEM, lambda tx: self._backoff.unjudged(tx, address, now))
            raise
        opened = self._sessions.opened(user, client, ("pwd", "oidc"))
        linked = new_id()

        def work(tx: Transaction) -> bool:
            arrival = self._waiting(tx, token, browser, now)
            self._target(tx, arrival, user["security_version"])
            if not self._code_fits(tx, user["id"], code, now):
                self._refused(tx, token, user, client, now)
                return False
            self._links.take(tx, token, instant(now))
            self._link(tx, arrival, linked, opened, client)
            return True

        if not await self._store.write(SYSTEM, work):
            raise BadRequest(CODE_NEEDED)
        tokens = await self._sessions.tokens(opened.record, opened.secret)
        return SignedIn(
            UserRecord(**{**user, "last_login_at": opened.record["created_at"]}), tokens
        )

    def _waiting(self, tx: Transaction, token: str, browser: str, now: datetime) -> Arrival:
        value = self._links.get(tx, token, instant(now))
        if value is None or not hmac.compare_digest(value["browser"], _digest(browser)):
            raise BadRequest(DEAD)
        arrival: Arrival = value["arrival"]
        return arrival

    def _begun(
        self, tx: Transaction, arrival: Arrival, now: datetime
    ) -> tuple[UserRecord, IdentityRecord]:
        """Count the attempt before it is checked: many at once get no more than many in a row."""
        user, identity = self._target(tx, arrival)
        self._backoff.attempt(tx, user["email"], now)
        return user, identity

    def _target(
        self, tx: Transaction, arrival: Arrival, version: int | None = None
    ) -> tuple[UserRecord, IdentityRecord]:
        user = tx.users.by_email(arrival["email"])
        identity = None if user is None else identity_of(tx, user["id"], self._passwords.provider)
        if user is None or identity is None or not user["is_active"]:
            raise BadRequest(DEAD)
        if version is not None and user["security_version"] != version:
            raise BadRequest(DEAD)
        return user, identity

    def _code_fits(self, tx: Transaction, user_id: str, code: str | None, now: datetime) -> bool:
        if not self._factor.is_on(tx, user_id, now):
            return True
        return code is not None and self._factor.passes(tx, user_id, code, now)

    def _link(
        self, tx: Transaction, arrival: Arrival, linked: str, opened: Opened, client: Client
    ) -> None:
        session = opened.record
        owner, at = session["user_id"], session["created_at"]
        tx.identities.add(identity_row(arrival, linked, owner, at))
        self._backoff.right(tx, arrival["email"], self._clock.now())
        tx.users.change(owner, {"last_login_at": at})
        self._sessions.keep(tx, opened)
        self._origins.keep(tx, session, arrival)
        source = client.source
        self._audit.record(tx, "identity.link", owner, at, object=linked, source=source)
        self._audit.record(tx, "sign-in", owner, at, object=session["id"], source=source)

    def _refused(
        self, tx: Transaction, token: str, user: UserRecord, client: Client, now: datetime
    ) -> None:
        at, source = instant(now), client.source
        value: Any = self._links.take(tx, token, at)
        if value is not None and value["tries"] + 1 < TRIES:
            kept = Link(token, "", value["expires_at"])
            self._links.put(tx, kept, {**value, "tries": value["tries"] + 1})
        self._backoff.wrong(tx, user["email"], now)
        self._audit.record(tx, "identity.link", user["id"], at, result="refused", source=source)


def identity_row(arrival: Arrival, identity_id: str, user_id: str, at: str) -> IdentityRecord:
    """Return the row that lets an arrival into an account from now on."""
    return IdentityRecord(
        id=identity_id,
        user_id=user_id,
        provider=arrival["provider"],
        subject=arrival["subject"],
        data={},
        created_at=at,
        updated_at=at,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
