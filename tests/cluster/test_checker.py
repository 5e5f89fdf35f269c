"""The checker of histories finds every fault that is planted, and none where there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cluster.checker import problems
from tests.cluster.history import Operation, Outcome, Row, read, write


def append(
    value: str, at: float, until: float | None = None, outcome: Outcome = Outcome.DONE
) -> Operation:
    end = at + 1 if until is None else until
    return Operation(
        client=1, number=int(at), journal="j", invoked=at, returned=end, outcome=outcome,
        value=value,
    )  # fmt: skip


def seen(at: float, *values: str, until: float | None = None) -> Operation:
    rows: tuple[Row, ...] = tuple((value, value) for value in values)
    end = at + 1 if until is None else until
    return Operation(
        client=2, number=int(at), journal="j", invoked=at, returned=end, outcome=Outcome.DONE,
        seen=rows,
    )  # fmt: skip


GOOD = [
    append("a", 0),
    seen(0.5, "a", until=2.5),
    append("b", 2),
    append("never known", 2, outcome=Outcome.UNKNOWN),
    append("never done", 2, outcome=Outcome.UNKNOWN),
    append("refused", 2, outcome=Outcome.REFUSED),
    seen(4, "a", "b"),
    append("c", 5, until=9),
    seen(6, "a", "b", "c", "never known"),
    seen(10, "c", "b", "a", "never known"),
]


def test_a_history_in_order_has_no_problems() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (seen(12, "a", "c", "never known"), "missed b, which was acknowledged before"),
        (seen(12, "a", "b", "c", "never known", "x"), "saw x, which nobody wrote"),
        (seen(12, "a", "b", "c", "never known", "refused"), "saw refused, which was refused"),
        (seen(12, "a", "b", "b", "c", "never known"), "saw b 2 times"),
        (seen(12, "a", "b", "c"), "missed never known, which read 6 of client 2 had seen"),
        (replace(seen(12), seen=(("a", "b"),)), "saw half of a write: ('a', 'b')"),
        (seen(3.5, "a", "never done"), "saw writes in different orders"),
    ],
    ids=["lost", "phantom", "refused", "doubled", "gone", "half", "forked"],
)  # fmt: skip
def test_a_planted_fault_is_found(planted: Operation, found: str) -> None:
    assert any(problem.endswith(found) for problem in problems([*GOOD, planted]))


def test_what_is_seen_before_it_was_written_is_found() -> None:
    (found,) = problems([seen(0, "a"), append("a", 2)])
    assert found == "read 0 of client 2 saw a before it was written"


def test_a_later_write_seen_without_an_earlier_one_is_found() -> None:
    history = [append("a", 1), append("b", 3), seen(0, "b", until=5)]
    assert problems(history) == [
        "read 0 of client 2 missed a, but saw what was written after it"
    ]  # fmt: skip


def test_journals_are_judged_apart() -> None:
    elsewhere = replace(seen(12, "x"), journal="another")
    assert problems([*GOOD, elsewhere]) == ["read 12 of client 2 saw x, which nobody wrote"]


def test_a_history_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    write(path, GOOD)
    assert read(path) == GOOD
