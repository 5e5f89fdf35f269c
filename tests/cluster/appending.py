"""Clients that append to shared journals and read them, and remember everything."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

from journiv.domain.ids import new_id
from tests.cluster.caller import Answer, Caller
from tests.cluster.history import Operation, Outcome, Row

PAUSE = (0.005, 0.025)
AFTER_NO = 0.1
PAGE = 100
# "This request has been carried out, but its answer is lost."
DONE_BEFORE = 409


class Appender:
    """Appends and reads, as often as it reads.

    With `patience` it asks again under the same `Idempotency-Key` until it is answered; without,
    what was answered with 503 stays unknown.
    """

    def __init__(
        self, number: int, person: Caller, journals: Sequence[str], *, patience: bool
    ) -> None:
        self.history: list[Operation] = []
        self.strange: list[str] = []
        self._number = number
        self._person = person
        self._journals = journals
        self._patience = patience

    async def run(self, operations: int) -> None:
        """Do so many operations."""
        for _ in range(operations):
            await random.choice((self._append, self.look))(random.choice(self._journals))
            await asyncio.sleep(random.uniform(*PAUSE))

    async def look_at_all(self) -> None:
        """Read every journal."""
        for journal in self._journals:
            await self.look(journal)

    async def look(self, journal: str) -> None:
        """Read all that is in a journal."""
        invoked = _now()
        answer = await self._ask("GET", f"/entries/journal/{journal}?limit={PAGE}")
        rows: tuple[Row, ...] = ()
        if answer.status == 200:
            assert len(answer.body) < PAGE, "one page does not show all"
            rows = tuple(
                (entry["title"], entry["content"], entry["location"]) for entry in answer.body
            )
        self._remember(journal, invoked, answer, seen=rows)

    async def _append(self, journal: str) -> None:
        value = f"{self._number}-{len(self.history)}"
        body = {"title": value, "content": value, "location": value, "journal_id": journal}
        headers = {"Idempotency-Key": new_id()}
        invoked = _now()
        answer = await self._ask("POST", "/entries/", body, headers)
        while self._patience and answer.status == 503:
            answer = await self._ask("POST", "/entries/", body, headers)
        self._remember(journal, invoked, answer, value=value)

    async def _ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        answer = await self._person.ask(method, path, body, headers)
        if answer.status == 503 and answer.retry_after is not None:
            await asyncio.sleep(AFTER_NO)
        elif answer.status not in (200, 201, DONE_BEFORE):
            self.strange.append(f"{method} {path} answered {answer.status}: {answer.body}")
        return answer

    def _remember(
        self,
        journal: str,
        invoked: float,
        answer: Answer,
        value: str | None = None,
        seen: tuple[Row, ...] = (),
    ) -> None:
        self.history.append(
            Operation(
                client=self._number,
                number=len(self.history),
                journal=journal,
                invoked=invoked,
                returned=_now(),
                outcome=_outcome(answer.status),
                value=value,
                seen=seen,
            )
        )


def _outcome(status: int) -> Outcome:
    if status in (200, 201, DONE_BEFORE):
        return Outcome.DONE
    return Outcome.UNKNOWN if status >= 500 else Outcome.REFUSED


def _now() -> float:
    return asyncio.get_running_loop().time()
