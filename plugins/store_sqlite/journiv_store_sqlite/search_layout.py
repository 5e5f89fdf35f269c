"""How rows of the search index are numbered: whose they are, then when, then a count.

FTS5 returns hits in the order of their numbers, so the newest hits of one account are read first
and nothing else is touched. A row is numbered by

    account (18 bits) · minute since the year 1 (33 bits) · count within that minute (12 bits)

and where a minute is full, from a zone of the account's range that no minute reaches.
"""

from __future__ import annotations

from datetime import date
from typing import Final

_COUNT_BITS: Final = 12
_MINUTE_BITS: Final = 33
_LAST_MINUTE: Final = (1 << _MINUTE_BITS) - 1
_FIRST_SPARE_MINUTE: Final = 6_000_000_000  # the year 11408
_MINUTES_A_DAY: Final = 1440

Span = tuple[int, int]
"""First and last number, both inclusive."""


def minute_of(at: str) -> int:
    """Return which minute an instant lies in."""
    day = date.fromisoformat(at[:10]).toordinal()
    return day * _MINUTES_A_DAY + int(at[11:13]) * 60 + int(at[14:16])


def minute_span(account: int, minute: int) -> Span:
    """Return the numbers of one minute."""
    return _span(account, minute, minute)


def dated_span(account: int) -> Span:
    """Return the numbers that are in the order of time."""
    return _span(account, 0, _FIRST_SPARE_MINUTE - 1)


def spare_span(account: int) -> Span:
    """Return the numbers of rows whose minute was full, in no order."""
    return _span(account, _FIRST_SPARE_MINUTE, _LAST_MINUTE)


def same_minute(one: int, other: int) -> bool:
    """Say whether two numbers belong to one minute."""
    return one >> _COUNT_BITS == other >> _COUNT_BITS


def days_span(account: int, start: str | None, end: str | None) -> Span:
    """Return the numbers of local days, both inclusive: a zone is never a day away from UTC."""
    first, last = dated_span(account)
    if start is not None:
        day = date.fromisoformat(start).toordinal() - 1
        first = minute_span(account, max(0, day) * _MINUTES_A_DAY)[0]
    if end is not None:
        day = date.fromisoformat(end).toordinal() + 2
        last = minute_span(account, day * _MINUTES_A_DAY)[1]
    return first, last


def _span(account: int, first: int, last: int) -> Span:
    base = account << _MINUTE_BITS
    return (base + first) << _COUNT_BITS, ((base + last + 1) << _COUNT_BITS) - 1
