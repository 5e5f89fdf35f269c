"""Codes of the second factor, checked and used up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from journiv.contracts.storage import Transaction
from journiv.domain import totp
from journiv.domain.clock import instant
from journiv.services.server.sealing import Sealing

TOTP: Final = "totp"
"""Where the small store keeps second factors, by account."""
FAILURES: Final = "totp-failures"
"""Where it counts wrong codes, by account."""
TRIES_A_DAY: Final = 20
DAY: Final = timedelta(hours=24)


class SecondFactor:
    """Checks codes inside a unit of work (`SystemScope`), each at most once."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    def is_on(self, tx: Transaction, user_id: str, now: datetime) -> bool:
        """Say whether this account has a confirmed second factor."""
        kept = self.kept(tx, user_id, now)
        return kept is not None and kept["confirmed"]

    def kept(self, tx: Transaction, user_id: str, now: datetime) -> dict[str, Any] | None:
        """Return the stored row."""
        found: dict[str, Any] | None = tx.kv.get(TOTP, user_id, instant(now))
        return found

    def put(self, tx: Transaction, user_id: str, row: Mapping[str, Any]) -> None:
        """Store the row."""
        tx.kv.put(TOTP, user_id, dict(row))

    def seal(self, user_id: str, seed: bytes) -> str:
        """Encrypt a seed for this account alone."""
        return self._sealing.seal(seed, _place(user_id))

    def holders(self, tx: Transaction, now: datetime) -> list[str]:
        """Return the ids of the accounts that have a row, confirmed or not."""
        return [user_id for user_id, _ in tx.kv.items(TOTP, "", instant(now))]

    def is_current(self, tx: Transaction, user_id: str, now: datetime) -> bool:
        """Say whether an account's seed is encrypted with the current key, or there is none."""
        row = self.kept(tx, user_id, now)
        return row is None or self._sealing.is_current(row["seed"], _place(user_id))

    def reseal(self, tx: Transaction, user_id: str, now: datetime) -> None:
        """Encrypt an account's seed with the current key. Raises `Unavailable` if unreadable."""
        row = self.kept(tx, user_id, now)
        if row is not None:
            seed = self._sealing.open(row["seed"], _place(user_id))
            self.put(tx, user_id, {**row, "seed": self.seal(user_id, seed)})

    def passes(self, tx: Transaction, user_id: str, code: str, now: datetime) -> bool:
        """Say whether a code is right, and use it up.

        After twenty wrong ones in a day none is right any more; a unit of work that is rolled
        back counts nothing. Raises `Unavailable` when no key opens the seed; recovery codes need
        none.
        """
        row, at = self.kept(tx, user_id, now), instant(now)
        if row is None:
            return False
        failures = tx.kv.get(FAILURES, user_id, at) or 0
        if failures >= TRIES_A_DAY:
            return False
        right = self._fits(tx, user_id, row, code, now)
        if not right and row["confirmed"]:
            tx.kv.put(FAILURES, user_id, failures + 1, instant(now + DAY))
        return right

    def _fits(
        self, tx: Transaction, user_id: str, row: Mapping[str, Any], code: str, now: datetime
    ) -> bool:
        hashed = totp.recovery_digest(code)
        if row["confirmed"] and hashed in row["recovery"]:
            left = [one for one in row["recovery"] if one != hashed]
            self.put(tx, user_id, {**row, "recovery": left})
            return True
        seed = self._sealing.open(row["seed"], _place(user_id))
        step = totp.accepted_step(seed, code, now.timestamp(), row["step"])
        if step is not None:
            self.put(tx, user_id, {**row, "step": step})
        return step is not None


def forget_factor(tx: Transaction, user_id: str, now: datetime) -> bool:
    """Switch an account's second factor off; say whether it was on."""
    row = tx.kv.get(TOTP, user_id, instant(now))
    tx.kv.delete(TOTP, user_id)
    tx.kv.delete(FAILURES, user_id)
    return row is not None and row["confirmed"]


def _place(user_id: str) -> str:
    return f"totp|{user_id}|seed"
