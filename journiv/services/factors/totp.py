"""The second factor: a code from an authenticator app, or one of ten recovery codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from journiv.contracts.storage import Store, Transaction
from journiv.contracts.tokens import Principal
from journiv.domain import totp
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Conflict
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import existing
from journiv.services.accounts.audit import Audit, Source
from journiv.services.factors.mfa_policy import with_factor, without_factor
from journiv.services.factors.second_factor import SecondFactor, forget_factor
from journiv.services.signin.recent_auth import RecentAuth

WRONG_CODE: Final = "This code is not right"
NONE: Final = "There is no second factor to change"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs; it counts once a code has confirmed it."""

    secret: str = field(repr=False)
    url: str = field(repr=False)


class TotpService:
    """Lets people switch their second factor on and off. Everything needs a recent sign-in."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        factor: SecondFactor,
        recent: RecentAuth,
        audit: Audit,
        issuer: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._factor = factor
        self._recent = recent
        self._audit = audit
        self._issuer = issuer

    async def status(self, principal: Principal) -> tuple[bool, int]:
        """Return whether it is on, and how many recovery codes are left."""
        now, owner = self._clock.now(), principal.user_id
        row = await self._store.read(SYSTEM, lambda tx: self._factor.kept(tx, owner, now))
        if row is None or not row["confirmed"]:
            return False, 0
        return True, len(row["recovery"])

    async def enrol(self, principal: Principal) -> Enrolment:
        """Make a seed that waits to be confirmed. Raises `Conflict` when it is on already."""
        self._recent.require(principal)
        now, owner = self._clock.now(), principal.user_id
        seed = secrets.token_bytes(totp.SEED_BYTES)
        row = {
            "seed": self._factor.seal(owner, seed),
            "step": 0,
            "recovery": [],
            "confirmed": False,
        }

        def work(tx: Transaction) -> None:
            if self._factor.is_on(tx, owner, now):
                raise Conflict("The second factor is on already; switch it off first")
            self._factor.put(tx, owner, row)

        await self._store.write(SYSTEM, work)
        return Enrolment(totp.written(seed), totp.address(seed, self._issuer, principal.email))

    async def confirm(self, principal: Principal, code: str, source: Source) -> list[str]:
        """Switch it on by a code of the app; return the recovery codes, shown this once.

        Raises `BadRequest` for a wrong code or without an enrolment.
        """
        self._recent.require(principal)
        now, owner = self._clock.now(), principal.user_id
        codes = totp.new_recovery_codes()
        hashes = [totp.recovery_digest(one) for one in codes]

        def work(tx: Transaction) -> None:
            row = self._factor.kept(tx, owner, now)
            if row is None or row["confirmed"]:
                raise BadRequest(NONE)
            if not self._factor.passes(tx, owner, code, now):
                raise BadRequest(WRONG_CODE)
            accepted = self._factor.kept(tx, owner, now) or row
            self._factor.put(tx, owner, {**accepted, "recovery": hashes, "confirmed": True})
            _change_methods(tx, principal.session_id, with_factor)
            self._audit.record(tx, "totp.on", owner, instant(now), source=source)

        await self._store.write(SYSTEM, work)
        return codes

    async def switch_off(self, principal: Principal, code: str, source: Source) -> None:
        """Switch it off by a code; every other session ends. Raises `BadRequest`."""
        self._recent.require(principal)
        now, owner = self._clock.now(), principal.user_id
        at = instant(now)

        def work(tx: Transaction) -> bool:
            if not self._factor.is_on(tx, owner, now):
                raise BadRequest(NONE)
            if not self._factor.passes(tx, owner, code, now):
                self._audit.record(tx, "totp.off", owner, at, result="refused", source=source)
                return False
            existing(tx, owner)
            forget_factor(tx, owner, now)
            _change_methods(tx, principal.session_id, without_factor)
            tx.sessions.revoke_all(owner, at, "totp", keep=principal.session_id)
            self._audit.record(tx, "totp.off", owner, at, source=source)
            return True

        if not await self._store.write(SYSTEM, work):
            raise BadRequest(WRONG_CODE)


def _change_methods(tx: Transaction, session_id: str, change: Callable[[str], str]) -> None:
    session = tx.sessions.get(session_id)
    if session is not None:
        tx.sessions.change(session_id, {"methods": change(session["methods"])})
