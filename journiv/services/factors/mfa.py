"""Between the password and the second factor: what a right password alone is good for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from journiv.contracts.records import UserRecord
from journiv.contracts.storage import Transaction
from journiv.domain.clock import instant
from journiv.services.accounts.onetime import Link, OneTime
from journiv.services.factors.second_factor import SecondFactor
from journiv.services.signin.origins import Arrival

LIFE: Final = timedelta(minutes=5)
TRIES: Final = 5


class Challenges:
    """Opaque sign-in transactions: five minutes, five codes."""

    def __init__(self, factor: SecondFactor) -> None:
        self.factor = factor
        self._links = OneTime("sign-in-challenges", "jmfa_", "")

    def make(self, now: datetime) -> Link:
        """Make a challenge; nothing is stored yet."""
        return self._links.make(now + LIFE)

    def put(
        self,
        tx: Transaction,
        link: Link,
        user: UserRecord,
        methods: Sequence[str],
        arrival: Arrival | None = None,
    ) -> None:
        """Store whom a challenge is for, how they got that far, and from which provider."""
        value = {
            "user_id": user["id"],
            "security_version": user["security_version"],
            "methods": list(methods),
            "arrival": arrival,
            "tries": 0,
            "expires_at": link.expires_at,
        }
        self._links.put(tx, link, value)

    def holder(self, tx: Transaction, token: str, now: datetime) -> tuple[UserRecord, Any] | None:
        """Return whom a live challenge is for, and the challenge."""
        value = self._links.get(tx, token, instant(now))
        user = None if value is None else tx.users.get(value["user_id"])
        return None if user is None else (user, value)

    def answered(self, tx: Transaction, token: str, code: str, now: datetime) -> bool:
        """Say whether a code is right and the challenge holds.

        A right code uses the challenge up, a wrong one counts against it.
        """
        at = instant(now)
        value = self._links.take(tx, token, at)
        user = None if value is None else tx.users.get(value["user_id"])
        if value is None or user is None or not user["is_active"]:
            return False
        if user["security_version"] != value["security_version"]:
            return False
        if self.factor.passes(tx, user["id"], code, now):
            return True
        value["tries"] += 1
        if value["tries"] < TRIES:
            self._links.put(tx, Link(token, "", value["expires_at"]), value)
        return False
