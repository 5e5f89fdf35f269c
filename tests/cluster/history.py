"""What several clients did, when, and what they saw: one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import orjson

Row = tuple[str, ...]
"""One entry as it was seen: every place in which its value is written."""


class Outcome(StrEnum):
    """What a client knows about its operation."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An append of `value` to `journal`, or without a value a read of all that is in it.

    `invoked` and `returned` are seconds of one clock, which all clients share.
    """

    client: int
    number: int
    journal: str
    invoked: float
    returned: float
    outcome: Outcome
    value: str | None = None
    seen: tuple[Row, ...] = ()


def write(path: Path, history: Iterable[Operation]) -> None:
    """Keep a history."""
    with path.open("wb") as file:
        for operation in history:
            file.write(orjson.dumps(asdict(operation), option=orjson.OPT_APPEND_NEWLINE))


def read(path: Path) -> list[Operation]:
    """Return a history that was kept."""
    with path.open("rb") as file:
        return [_operation(line) for line in file]


def _operation(line: bytes) -> Operation:
    fields = orjson.loads(line)
    fields["outcome"] = Outcome(fields["outcome"])
    fields["seen"] = tuple(tuple(row) for row in fields["seen"])
    return Operation(**fields)
