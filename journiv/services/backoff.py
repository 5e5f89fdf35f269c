"""Slowing down guesses at one account, from however many addresses they come (security.md D6).

After five failures within fifteen minutes each further one doubles the wait, up to a minute: never
long enough to lock an owner out, always too long to try a list. Unknown addresses are slowed down
alike. What is kept is an HMAC of the address, in the store, so that a restart forgets nothing.
"""

from __future__ import annotations

import hmac
import math
from datetime import datetime, timedelta
from typing import Any, Final

from journiv.contracts.storage import Transaction
from journiv.domain.clock import instant
from journiv.domain.errors import TooMany

NAMESPACE: Final = "sign-in-failures"
FREE: Final = 5
WINDOW: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(seconds=60)


class Backoff:
    """Counts failed sign-ins by account; `enabled=False` counts nothing. Needs `SystemScope`."""

    def __init__(self, key: bytes, *, enabled: bool) -> None:
        self._key = key
        self._enabled = enabled

    def check(self, tx: Transaction, email: str, now: datetime) -> None:
        """Raise `TooMany` while the account has to wait."""
        if not self._enabled:
            return
        known = self._known(tx, email, now)
        left = datetime.fromisoformat(known["until"]) - now if known else timedelta()
        if left > timedelta():
            seconds = math.ceil(left.total_seconds())
            raise TooMany(f"Too many failed attempts. Try again in {seconds} s.", seconds)

    def failed(self, tx: Transaction, email: str, now: datetime) -> None:
        """Count a failure."""
        if not self._enabled:
            return
        known = self._known(tx, email, now)
        failures = known["failures"] + 1 if known else 1
        until = instant(now + wait(failures))
        value = {"failures": failures, "until": until}
        tx.kv.put(NAMESPACE, self._name(email), value, instant(now + WINDOW))

    def passed(self, tx: Transaction, email: str) -> None:
        """Forget the failures of somebody who has signed in."""
        if self._enabled:
            tx.kv.delete(NAMESPACE, self._name(email))

    def _known(self, tx: Transaction, email: str, now: datetime) -> dict[str, Any] | None:
        known: dict[str, Any] | None = tx.kv.get(NAMESPACE, self._name(email), instant(now))
        return known

    def _name(self, email: str) -> str:
        return hmac.digest(self._key, email.encode("utf-8", "surrogatepass"), "sha256").hex()


def wait(failures: int) -> timedelta:
    """Return how long the account waits after that many failures in a row."""
    if failures < FREE:
        return timedelta()
    doubled = min(failures - FREE, 10)
    return min(timedelta(seconds=2**doubled), LONGEST)
