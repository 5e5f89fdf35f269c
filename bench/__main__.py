"""`./dev bench`: measure, print tables, and with --write put them into docs/benchmarks.md."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bench import (
    browser,
    copies,
    growth,
    imports,
    media,
    operations,
    replicas,
    report,
    scenes,
    security,
    sizes,
    stores,
    transfers,
)
from bench.compare import Comparison, against_bare, large_against_small
from bench.datasets import Recipe, copy_growing
from bench.operations import Operation

SMALL: Final = 10_000
LARGE: Final = 1_000_000
GROWTH_ROUNDS: Final = 9
CLUSTER_ROUNDS: Final = 9
SAMPLES: Final = 200
GROWTH: Final = ("growth", "growth-postgres")
PARTS: Final = (
    "requests",
    "scenes",
    "media",
    "transfers",
    "browser",
    "security",
    "copies",
    "sizes",
    "stores",
    "cluster",
    *GROWTH,
)


def main() -> None:
    options = _options()
    note = f"{report.machine()}; medians of {options.rounds} rounds of {options.seconds} s"
    if "requests" in options.parts:
        chosen = _chosen(options.only)
        compared = against_bare(chosen, SMALL, options.rounds, options.seconds)
        _show(report.requests(_told(compared)), note, write=options.write)
    if "scenes" in options.parts:
        table = report.scenes(
            scenes.burst(SMALL),
            scenes.storm(SMALL, 10),
            scenes.start(5),
            imports.measure(options.rounds),
        )
        _show(table, report.machine(), write=options.write)
    if "media" in options.parts:
        _show(report.media(media.measure(options.rounds)), report.machine(), write=options.write)
    if "browser" in options.parts:
        _show(
            report.browser(browser.measure(options.rounds)), report.machine(), write=options.write
        )
    if "transfers" in options.parts:
        table = report.transfers(transfers.entries(SMALL, options.rounds), transfers.pictures())
        _show(table, report.machine(), write=options.write)
    if "security" in options.parts:
        table = report.security(security.telling(SAMPLES), security.alive(10))
        _show(table, report.machine(), write=options.write)
    if "copies" in options.parts:
        table = report.copies(copies.measure(SMALL, options.rounds))
        _show(table, report.machine(), write=options.write)
    if "sizes" in options.parts:
        found = sizes.measure(SMALL, options.seconds)
        _show(report.rooms(found), report.machine(), write=options.write)
        _show(report.needs(found), report.machine(), write=options.write)
    if "stores" in options.parts:
        chosen = [one for one in stores.GOALS if not options.only or one.name in options.only]
        compared = stores.measure(chosen, SMALL, options.rounds, options.seconds)
        _show(report.stores(_told(compared), stores.GOALS), note, write=options.write)
    if "cluster" in options.parts:
        _cluster(options)
    for part in GROWTH:
        if part in options.parts:
            rounds = max(options.rounds, GROWTH_ROUNDS)
            note = f"{report.machine()}; medians of {rounds} rounds of {options.seconds} s"
            compared = _growth(options, rounds, on_postgres=part == "growth-postgres")
            _show(report.growth(_told(compared), part), note, write=options.write)


def _cluster(options: argparse.Namespace) -> None:
    chosen = [one for one in replicas.MEASURED if not options.only or one.name in options.only]
    rounds = max(options.rounds, CLUSTER_ROUNDS)
    note = f"{report.machine()}; medians of {rounds} rounds of {options.seconds} s"
    shared = replicas.measure(chosen, SMALL, rounds, options.seconds)
    _show(report.cluster(shared), note, write=options.write)


def _growth(options: argparse.Namespace, rounds: int, *, on_postgres: bool) -> Iterator[Comparison]:
    chosen = [one for one in operations.GROWING if not options.only or one.name in options.only]
    few, many = Recipe(SMALL, rich=False), Recipe(LARGE, rich=False)
    if on_postgres:
        yield from growth.measure(chosen, few, many, rounds, options.seconds)
        return
    with copy_growing(few, many) as (small, large):
        yield from large_against_small(chosen, small, large, rounds, options.seconds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"{', '.join(PARTS)} (default: all but growth, which builds 7 GB)",
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each comparison")
    parser.add_argument("--seconds", type=int, default=2, help="length of one run")
    parser.add_argument("--only", action="append", metavar="OPERATION", help="this one only")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    options.parts = options.parts or [part for part in PARTS if part not in GROWTH]
    for part in options.parts:
        if part not in PARTS:
            parser.error(f"there is no part '{part}'; there are {', '.join(PARTS)}")
    return options


def _chosen(names: Sequence[str] | None) -> Sequence[Operation]:
    return [one for one in operations.ALL if not names or one.name in names]


def _told(compared: Iterable[Comparison]) -> Iterator[Comparison]:
    for found in compared:
        print(f"{found.operation.name:<16}{found.ratio:8.2f}", flush=True)
        yield found


def _show(table: report.Table, note: str, *, write: bool) -> None:
    print(f"\n{table.markdown()}\n\nMeasured {note}.\n", flush=True)
    if write:
        report.write(table, note)


main()
