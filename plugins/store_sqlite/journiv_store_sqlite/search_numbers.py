"""Numbers for new rows of the search index."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, text

from journiv_store_sqlite.search_layout import Span, minute_span, spare_span

_LAST: Final = text("SELECT max(rid) FROM entry_search WHERE rid BETWEEN :first AND :last")

_LAST_OF_EACH: Final = text(
    "SELECT (SELECT max(rid) FROM entry_search"
    " WHERE rid BETWEEN json_extract(value, '$[0]') AND json_extract(value, '$[1]'))"
    " FROM json_each(:spans) ORDER BY key"
)


class FreeNumbers:
    """Hands out unused numbers of one account; lives as long as one batch of rows."""

    def __init__(self, connection: Connection, account: int) -> None:
        self._connection = connection
        self._account = account
        self._next: dict[Span, int] = {}

    def expect(self, minutes: Iterable[int]) -> None:
        """Look up what is used of many minutes at once; others are looked up when they come."""
        spans = list({minute_span(self._account, minute) for minute in minutes})
        newest = self._connection.execute(_LAST_OF_EACH, {"spans": json.dumps(spans)}).scalars()
        for span, number in zip(spans, newest, strict=True):
            self._next[span] = _after(span, number)

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
        return _after(span, newest)


def _after(span: Span, newest: int | None) -> int:
    return span[0] if newest is None else int(newest) + 1
