"""Judges a history of appends and reads: is there an order of them that explains it?

Every journal is a set that only grows. A history is in order when each read saw a set, those sets
grow along the clock, and hold whatever was acknowledged before the read began. What was answered
neither with yes nor with no may turn up at any time after it was asked for, or never.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from tests.cluster.history import Operation, Outcome

Appends = Mapping[str, Operation]


def problems(history: Iterable[Operation]) -> list[str]:
    """Return what no order of the operations explains, a sentence each."""
    journals: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in history:
        journals[operation.journal].append(operation)
    return [found for operations in journals.values() for found in _in_one(operations)]


def _in_one(operations: list[Operation]) -> Iterator[str]:
    appends: Appends = {each.value: each for each in operations if each.value is not None}
    reads = [each for each in operations if each.value is None and each.outcome is Outcome.DONE]
    for read in reads:
        yield from _torn(read)
        yield from _doubled(read)
        yield from _phantoms(read, appends)
        yield from _lost(read, appends)
        yield from _overtaken(read, appends)
    yield from _gone(reads)
    yield from _forked(reads)


def _torn(read: Operation) -> Iterator[str]:
    for row in read.seen:
        if len(set(row)) != 1:
            yield f"{_name(read)} saw half of a write: {row}"


def _doubled(read: Operation) -> Iterator[str]:
    for value, count in Counter(row[0] for row in read.seen).items():
        if count > 1:
            yield f"{_name(read)} saw {value} {count} times"


def _phantoms(read: Operation, appends: Appends) -> Iterator[str]:
    for value in _values(read):
        append = appends.get(value)
        if append is None:
            yield f"{_name(read)} saw {value}, which nobody wrote"
        elif append.outcome is Outcome.REFUSED:
            yield f"{_name(read)} saw {value}, which was refused"
        elif append.invoked > read.returned:
            yield f"{_name(read)} saw {value} before it was written"


def _lost(read: Operation, appends: Appends) -> Iterator[str]:
    seen = _values(read)
    for value, append in appends.items():
        acknowledged = append.outcome is Outcome.DONE and append.returned < read.invoked
        if acknowledged and value not in seen:
            yield f"{_name(read)} missed {value}, which was acknowledged before"


def _overtaken(read: Operation, appends: Appends) -> Iterator[str]:
    """Whoever sees a write sees all that were acknowledged before it was asked for."""
    seen = _values(read)
    latest = max((appends[each].invoked for each in seen if each in appends), default=0.0)
    for value, append in appends.items():
        meanwhile = read.invoked <= append.returned < latest
        if append.outcome is Outcome.DONE and meanwhile and value not in seen:
            yield f"{_name(read)} missed {value}, but saw what was written after it"


def _gone(reads: list[Operation]) -> Iterator[str]:
    """What one read saw is seen by every read that began after it had ended."""
    seen = [(read, _values(read)) for read in reads]
    for earlier, had in seen:
        for later, has in seen:
            if earlier.returned < later.invoked and not had <= has:
                for value in sorted(had - has):
                    yield f"{_name(later)} missed {value}, which {_name(earlier)} had seen"


def _forked(reads: list[Operation]) -> Iterator[str]:
    """Of two reads one saw all that the other saw."""
    for smaller, larger in pairwise(sorted(reads, key=lambda read: len(_values(read)))):
        if not _values(smaller) <= _values(larger):
            yield f"{_name(smaller)} and {_name(larger)} saw writes in different orders"


def _values(read: Operation) -> frozenset[str]:
    return frozenset(row[0] for row in read.seen)


def _name(read: Operation) -> str:
    return f"read {read.number} of client {read.client}"
