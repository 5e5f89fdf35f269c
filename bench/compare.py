"""Runs in turn against two servers, so that a noisy machine disturbs both alike."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.client import Client
from bench.datasets import Recipe, copy
from bench.load import CONNECTIONS, Load, Sample, run
from bench.operations import Operation
from bench.processes import Process, bare, journiv


@dataclass(frozen=True, slots=True)
class Target:
    """A server and what is sent to it."""

    process: Process
    load: Load
    token: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an operation costs here as a multiple of there: medians over the rounds."""

    operation: Operation
    ratio: float
    lowest: float
    highest: float
    ours: Sample
    theirs: Sample


def against_bare(
    operations: Sequence[Operation], entries: int, rounds: int, seconds: float
) -> Iterator[Comparison]:
    """Compare every operation with a bare handler that answers with the same bytes."""
    with _scratch() as scratch, journiv(copy(Recipe(entries), scratch / "data")) as ours:
        client = Client(ours)
        client.sign_in()
        bodies = scratch / "bodies"
        bodies.mkdir()
        for operation in operations:
            (bodies / f"{_slug(operation)}.json").write_bytes(operation.answer(client))
        with bare(bodies) as theirs:
            for operation in operations:
                load = operation.load(client, scratch)
                yield compare(
                    operation,
                    Target(ours, load, client.token if operation.signed_in else None),
                    Target(theirs, _same_to_bare(operation, load, scratch), None),
                    rounds,
                    seconds,
                )


def large_against_small(
    operations: Sequence[Operation], small: Path, large: Path, rounds: int, seconds: float
) -> Iterator[Comparison]:
    """Compare every operation with a million entries with the same one with ten thousand."""
    with journiv(large) as many, journiv(small) as few:
        yield from side_by_side(operations, many, few, rounds, seconds)


def side_by_side(
    operations: Sequence[Operation],
    ours: Process,
    theirs: Process,
    rounds: int,
    seconds: float,
    connections: int = CONNECTIONS,
) -> Iterator[Comparison]:
    """Compare every operation at two servers that hold the same account."""
    with _scratch() as scratch:
        targets: list[Callable[[Operation], Target]] = []
        for process in (ours, theirs):
            client = Client(process)
            client.sign_in()
            folder = scratch / str(process.port)
            folder.mkdir()
            targets.append(_target(process, client, folder))
        for operation in operations:
            here, there = (target(operation) for target in targets)
            yield compare(operation, here, there, rounds, seconds, connections)


def compare(
    operation: Operation,
    ours: Target,
    theirs: Target,
    rounds: int,
    seconds: float,
    connections: int = CONNECTIONS,
) -> Comparison:
    """Run both in turn, after a short warm-up that does not count."""
    samples: dict[Target, list[Sample]] = {ours: [], theirs: []}

    def once(target: Target, length: float) -> Sample:
        return run(target.process, target.load, target.token, length, connections)

    for target in samples:
        once(target, min(seconds, 1))
    for number in range(rounds):
        for target in (ours, theirs) if number % 2 else (theirs, ours):
            samples[target].append(once(target, seconds))
    pairs = zip(samples[ours], samples[theirs], strict=True)
    ratios = [mine.cpu / other.cpu for mine, other in pairs]
    return Comparison(
        operation,
        ratio=median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        ours=_median(samples[ours]),
        theirs=_median(samples[theirs]),
    )


def _target(process: Process, client: Client, folder: Path) -> Callable[[Operation], Target]:
    return lambda operation: Target(process, operation.load(client, folder), client.token)


def _same_to_bare(operation: Operation, load: Load, folder: Path) -> Load:
    """Send the bare handler the same bodies; the path says which answer is wanted."""
    lines = load.requests.read_text().splitlines()
    path = folder / f"{_slug(operation)}.bare"
    changed = (f"/{_slug(operation)}{mark}{body}" for _, mark, body in
               (line.partition("\t") for line in lines))  # fmt: skip
    path.write_text("\n".join(changed) + "\n")
    return Load(load.method, path)


def _slug(operation: Operation) -> str:
    return operation.name.replace(" ", "-")


def _median(samples: Sequence[Sample]) -> Sample:
    return Sample(
        rate=median(sample.rate for sample in samples),
        p50=median(sample.p50 for sample in samples),
        p99=median(sample.p99 for sample in samples),
        cpu=median(sample.cpu for sample in samples),
        failed=sum(sample.failed for sample in samples),
    )


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="journiv-bench-") as folder:
        yield Path(folder)
