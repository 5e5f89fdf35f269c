"""The audit log: who did what to an account, in rows that cannot be changed unnoticed.

Each row is sealed with an HMAC over itself and the seal before it, so that `journiv audit verify`
finds what was changed, put in or taken out of the middle. Rows cut off at the end leave no trace
here. People are pseudonyms (keyed hashes), addresses are networks; no text of a diary, no title
and no token is ever written.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from journiv.contracts.records import AuditRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.scope import SYSTEM
from journiv.services.signin.devices import network

PAGE: Final = 500
ADMINISTRATOR: Final = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an act came from: an address (only its network is kept) and the request's id.

    `user_id` is who acted, when that may be somebody else than whose account it is about.
    """

    address: str = ""
    request_id: str = ""
    user_id: str = ""


OWN: Final = Source()
SHELL: Final = Source(user_id="shell")
"""The command line: whoever may use it on the server."""


class Audit:
    """Writes, shows and checks the log. The first keys are current, the others only verify."""

    def __init__(self, store: Store, seals: Sequence[bytes], pseudonyms: Sequence[bytes]) -> None:
        self._store = store
        self._seals = tuple(seals)
        self._pseudonyms = tuple(pseudonyms)

    def record(
        self,
        tx: Transaction,
        event: str,
        user_id: str,
        at: str,
        *,
        object: str = "",
        result: str = "ok",
        source: Source = OWN,
    ) -> None:
        """Add a row inside the unit of work of what it tells (needs `SystemScope`).

        The row is about the account `user_id`. When somebody else acted, it names both.
        """
        last = tx.audit.last()
        actor = self._name(source.user_id or user_id)
        about = self._name(user_id)
        row = AuditRecord(
            number=1 if last is None else last["number"] + 1,
            at=at,
            actor=actor,
            event=event,
            object=object if actor == about else about,
            result=result,
            network=network(source.address),
            request_id=source.request_id,
            seal="",
        )
        row["seal"] = _seal(self._seals[0], "" if last is None else last["seal"], row)
        tx.audit.add(row)

    async def own(self, user_id: str, limit: int, below: int | None) -> list[AuditRecord]:
        """Return what one person did and what was done to their account, newest first.

        `below` is the number a page ended with. Where somebody else was is none of their business.
        """
        people = [_pseudonym(key, user_id) for key in self._pseudonyms]
        rows = await self._store.read(
            SYSTEM, lambda tx: tx.audit.concerning(people, limit, below), long=True
        )
        return [row if row["actor"] in people else _veiled(row) for row in rows]

    async def verify(self) -> tuple[int, list[str]]:
        """Check the chain; return how many rows it has and what is wrong, a sentence each.

        Of a log whose oldest rows have been purged the first row only anchors the others.
        """
        count, wrong = 0, []
        before: AuditRecord | None = None
        while page := await self._after(0 if before is None else before["number"]):
            for row in page:
                wrong += self._faults(row, before)
                before = row
            count += len(page)
        return count, wrong

    async def sealed_with_earlier_keys(self) -> int:
        """Count the rows that only a previous key verifies."""
        current = Audit(self._store, self._seals[:1], self._pseudonyms)
        _, found = await current.verify()
        _, wrong = await self.verify()
        return len(found) - len(wrong)

    async def _after(self, number: int) -> list[AuditRecord]:
        return await self._store.read(SYSTEM, lambda tx: tx.audit.after(number, PAGE), long=True)

    def _name(self, user_id: str) -> str:
        if user_id == SHELL.user_id:
            return user_id
        return _pseudonym(self._pseudonyms[0], user_id)

    def _faults(self, row: AuditRecord, before: AuditRecord | None) -> list[str]:
        number = row["number"]
        if before is None and number != 1:
            return []
        previous = "" if before is None else before["seal"]
        if before is not None and number != before["number"] + 1:
            return [f"Rows are missing between {before['number']} and {number}."]
        if not any(
            hmac.compare_digest(_seal(key, previous, row), row["seal"]) for key in self._seals
        ):
            return [f"Row {number} is not as it was written, or SECRET_KEY is another."]
        return []


def _veiled(row: AuditRecord) -> AuditRecord:
    by = SHELL.user_id if row["actor"] == SHELL.user_id else ADMINISTRATOR
    return AuditRecord(**{**row, "actor": by, "object": "", "network": "", "request_id": ""})


def _pseudonym(key: bytes, user_id: str) -> str:
    return hmac.digest(key, user_id.encode(), "sha256").hex()[:32]


def _seal(key: bytes, previous: str, row: AuditRecord) -> str:
    told = orjson.dumps([previous, *(value for name, value in row.items() if name != "seal")])
    return hmac.digest(key, told, "sha256").hex()
