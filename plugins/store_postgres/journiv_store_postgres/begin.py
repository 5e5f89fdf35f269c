"""How transactions begin: everything that has to be said first goes in one message."""

from __future__ import annotations

from typing import Final

from journiv.domain.scope import Scope
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.locks import number_of

_SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# READ COMMITTED, so that whoever waited for a lock sees what the other one has written.
_WRITE: Final = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"


class Begin:
    """The statements for one store. Behind a transaction pooler each sets its own time-outs."""

    def __init__(self, tuning: Tuning) -> None:
        said = tuning.time_outs() if tuning.transaction_pooler else {}
        limits = "".join(f"; SET LOCAL {name} = '{value}'" for name, value in said.items())
        self.snapshot: Final = _SNAPSHOT + limits
        self.write: Final = _WRITE + limits

    def write_alone(self, scope: Scope) -> str:
        """Begin a write once nobody else writes for this person, or for the installation."""
        return f"{self.write}; SELECT pg_advisory_xact_lock({number_of(scope)})"
