"""Slowing down guesses at one account, from however many addresses they come (security.md D6).

After five failures within fifteen minutes each further one doubles the wait, up to a minute; from
the hundredth within a day on it is fifteen minutes. A device that has signed in before is counted
by itself (`KnownDevices`), so that strangers do not lock its owner out. An attempt counts before
the password is checked: of many at once, no more are checked than of many in a row. Unknown
addresses are slowed down alike. What is kept is an HMAC of the address, in the store, so that a
restart forgets nothing.
"""

from __future__ import annotations

import hmac
import math
from datetime import datetime, timedelta
from typing import Any, Final

from journiv.contracts.storage import Transaction
from journiv.domain.clock import instant
from journiv.domain.errors import TooMany

IN_A_ROW: Final = "sign-in-failures"
A_DAY: Final = "sign-in-failures-day"
FREE: Final = 5
WINDOW: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(seconds=60)
CEILING: Final = 100
DAY: Final = timedelta(hours=24)
STEP: Final = timedelta(minutes=15)


class Backoff:
    """Counts attempts and failures by whose they are; `enabled=False` counts nothing.

    `whose` is any text that names the account, or one of its known devices. Needs `SystemScope`.
    """

    def __init__(self, key: bytes, *, enabled: bool) -> None:
        self._key = key
        self._enabled = enabled

    def check(self, tx: Transaction, whose: str, now: datetime) -> None:
        """Raise `TooMany` while the account has to wait."""
        if not self._enabled:
            return
        name, at = self._name(whose), instant(now)
        known = (tx.kv.get(space, name, at) for space in (IN_A_ROW, A_DAY))
        until = max((row["until"] for row in known if row is not None), default=at)
        left = datetime.fromisoformat(until) - now
        if left > timedelta():
            seconds = math.ceil(left.total_seconds())
            raise TooMany(f"Too many failed attempts. Try again in {seconds} s.", seconds)

    def attempt(self, tx: Transaction, whose: str, now: datetime) -> None:
        """Count an attempt as failed until `wrong` or `right` says what became of it.

        Raises `TooMany`.
        """
        self.check(tx, whose, now)
        self.failed(tx, whose, now)

    def failed(self, tx: Transaction, whose: str, now: datetime) -> None:
        """Count a failure."""
        self._change(tx, whose, now, 1)

    def wrong(self, tx: Transaction, whose: str, now: datetime) -> None:
        """Let the wait of a failed attempt begin now that it has been checked."""
        self._change(tx, whose, now, 0)

    def unjudged(self, tx: Transaction, whose: str, now: datetime) -> None:
        """Take back an attempt that was not checked."""
        self._change(tx, whose, now, -1)

    def right(self, tx: Transaction, whose: str, now: datetime) -> None:
        """Take back an attempt that was right, and forget the failures in a row."""
        self._change(tx, whose, now, -1)
        self.passed(tx, whose)

    def passed(self, tx: Transaction, whose: str) -> None:
        """Forget the failures in a row of somebody who has signed in."""
        if self._enabled:
            tx.kv.delete(IN_A_ROW, self._name(whose))

    def _change(self, tx: Transaction, whose: str, now: datetime, by: int) -> None:
        if not self._enabled:
            return
        name, at = self._name(whose), instant(now)
        row: dict[str, Any] = tx.kv.get(IN_A_ROW, name, at) or {"failures": 0}
        failures = max(0, row["failures"] + by)
        until = instant(now + wait(failures)) if by >= 0 else at
        tx.kv.put(IN_A_ROW, name, {"failures": failures, "until": until}, instant(now + WINDOW))
        day = tx.kv.get(A_DAY, name, at) or {"failures": 0, "ends": instant(now + DAY)}
        failures = max(0, day["failures"] + by)
        until = instant(now + STEP) if failures >= CEILING and by >= 0 else at
        value = {"failures": failures, "until": until, "ends": day["ends"]}
        tx.kv.put(A_DAY, name, value, max(day["ends"], until))

    def _name(self, whose: str) -> str:
        return hmac.digest(self._key, whose.encode("utf-8", "surrogatepass"), "sha256").hex()


def wait(failures: int) -> timedelta:
    """Return how long the account waits after that many failures in a row."""
    if failures < FREE:
        return timedelta()
    doubled = min(failures - FREE, 10)
    return min(timedelta(seconds=2**doubled), LONGEST)
