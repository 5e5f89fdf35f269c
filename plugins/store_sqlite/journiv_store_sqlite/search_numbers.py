"""Numbers for new rows of the search index."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from journiv_store_sqlite.search_layout import Span, minute_span, spare_span

_LAST: Final = text("SELECT max(rid) FROM entry_search WHERE rid BETWEEN :first AND :last")


class FreeNumbers:
    """Hands out unused numbers of one account; lives as long as one batch of rows."""

    def __init__(self, connection: Connection, account: int) -> None:
        self._connection = connection
        self._account = account
        self._next: dict[Span, int] = {}

    def take(self, minute: int) -> int:
        """Return a number for a row of that minute."""
        for span in (minute_span(self._account, minute), spare_span(self._account)):
            number = self._next.get(span)
            if number is None:
                number = self._first_free(span)
            self._next[span] = number + 1
            if number <= span[1]:
                return number
        raise RuntimeError("the search index has no number left for this account")

    def _first_free(self, span: Span) -> int:
        bounds = {"first": span[0], "last": span[1]}
        newest = self._connection.execute(_LAST, bounds).scalar()
        return span[0] if newest is None else int(newest) + 1
