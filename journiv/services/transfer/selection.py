"""Which entries leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Entries of these journals (None: of all) and of these days, both inclusive."""

    journal_ids: tuple[str, ...] | None = None
    start_date: str | None = None
    end_date: str | None = None

    def holds(self, day: str) -> bool:
        """Say whether a day is among them."""
        return (self.start_date or "") <= day <= (self.end_date or "9999-12-31")

    def holds_journal(self, journal_id: str | None) -> bool:
        """Say whether a journal is among them; what is in no journal leaves with everything."""
        return self.journal_ids is None or journal_id in self.journal_ids


EVERYTHING: Final = Selection()
