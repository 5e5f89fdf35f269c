"""The measured values beside the goals, as Markdown."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.browser import LONG, SLOWER, Feel
from bench.compare import Comparison
from bench.copies import CopySpeed
from bench.imports import Speed
from bench.media import LARGE_MB, MediaCosts
from bench.operations import GROWING, Operation
from bench.replicas import MOST, Shared
from bench.scenes import AT_ONCE, Burst, Start, Storm
from bench.security import GUESSING, Alive, Telling
from bench.sizes import Sizes
from bench.transfers import Cost, Entries, Pictures

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
BEGIN: Final = "<!-- {section}: written by ./dev bench -->"
END: Final = "<!-- end of {section} -->"


@dataclass(frozen=True, slots=True)
class Table:
    """A part of the page: which, its column heads, and its rows."""

    section: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """Return the table."""
        lines = [self.head, ["---"] * len(self.head), *self.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def requests(comparisons: Iterable[Comparison]) -> Table:
    """Return what each request costs."""
    head = ("operation", "CPU as a multiple of bare", "goal (to beat)", "lowest to highest",
            "CPU ms", "requests/s", "p50 / p99 ms", "failed")  # fmt: skip
    rows = [_request(found) for found in comparisons]
    return Table("requests", head, rows)


def _request(found: Comparison) -> Sequence[str]:
    operation, ours = found.operation, found.ours
    beat = f" ({operation.beat:g})" if operation.beat else ""
    return (
        operation.name,
        f"{found.ratio:.1f} {_mark(found.ratio <= operation.goal)}",
        f"{operation.goal:g}{beat}",
        f"{found.lowest:.1f} to {found.highest:.1f}",
        f"{ours.cpu:.3f}",
        f"{ours.rate:,.0f}",
        f"{ours.p50:.2f} / {ours.p99:.1f}",
        str(ours.failed + found.theirs.failed),
    )


def growth(comparisons: Iterable[Comparison], section: str) -> Table:
    """Return what a hundred times as many entries cost."""
    head = (
        "operation",
        "CPU as a multiple of 10,000 entries",
        "goal",
        "lowest to highest",
        "CPU ms",
        "failed",
    )
    rows = []
    for found in comparisons:
        goal = GROWING[found.operation]
        rows.append(
            (
                found.operation.name,
                f"{found.ratio:.2f} {_mark(found.ratio <= goal)}",
                f"{goal:g}",
                f"{found.lowest:.2f} to {found.highest:.2f}",
                f"{found.ours.cpu:.3f}",
                str(found.ours.failed + found.theirs.failed),
            )
        )
    return Table(section, head, rows)


def stores(found: Iterable[Comparison], goals: Mapping[Operation, float]) -> Table:
    """Return what requests cost on PostgreSQL."""
    head = ("operation", "CPU as a multiple of SQLite's", "goal", "lowest to highest",
            "CPU ms", "requests/s", "p50 / p99 ms", "failed")  # fmt: skip
    rows = [
        (one.operation.name, f"{one.ratio:.2f} {_mark(one.ratio <= goals[one.operation])}",
         f"{goals[one.operation]:g}", f"{one.lowest:.2f} to {one.highest:.2f}",
         f"{one.ours.cpu:.3f}", f"{one.ours.rate:,.0f}",
         f"{one.ours.p50:.2f} / {one.ours.p99:.1f}", str(one.ours.failed + one.theirs.failed))
        for one in found
    ]  # fmt: skip
    return Table("stores", head, rows)


def cluster(found: Iterable[Shared]) -> Table:
    """Return what requests cost with three servers."""
    head = ("operation", "CPU as a multiple of one server's", "goal", "lowest to highest",
            "CPU ms: servers, nginx, PostgreSQL", "requests/s, one", "p50 / p99 ms",
            "failed")  # fmt: skip
    return Table("cluster", head, [_shared(one) for one in found])


def _shared(found: Shared) -> Sequence[str]:
    compared, ours, theirs = found.comparison, found.comparison.ours, found.comparison.theirs
    return (
        compared.operation.name,
        f"{compared.ratio:.2f} {_mark(compared.ratio <= MOST)}",
        f"{MOST:g}",
        f"{compared.lowest:.2f} to {compared.highest:.2f}",
        f"{ours.cpu:.3f}, {found.balancer:.3f}, {found.database:.3f}",
        f"{ours.rate:,.0f}, {theirs.rate:,.0f}",
        f"{ours.p50:.2f} / {ours.p99:.1f}",
        str(ours.failed + theirs.failed),
    )


def scenes(burst: Burst, storm: Storm, start: Start, speed: Speed) -> Table:
    """Return everything that is not a rate."""
    statuses = ", ".join(f"{count} answered {status}" for status, count in burst.statuses.items())
    rows = (
        _scene(f"{AT_ONCE} requests at once", f"{statuses}, last after {burst.slowest:.2f} s",
               "all 2xx", burst.statuses[200] == AT_ONCE),
        _scene("p99 of a light request during sign-ins", f"{storm.p99:.1f} ms "
               f"(p50 {storm.p50:.1f}, {storm.sign_ins:.1f} sign-ins/s)", "30 ms", storm.p99 < 30),
        _scene("start to first answer", f"{start.seconds:.2f} s", "1.5 s (1)",
               start.seconds < 1.5),
        _scene("memory when fresh (PSS)", f"{start.memory:.0f} MiB", "90 MB (80)",
               start.memory * 1.048576 <= 90),
        _scene("`journiv import` of the diary", f"{speed.imported:.2f} s; a bare sqlite3 loop "
               f"{speed.bare:.2f} s: {speed.share:.2f} of its speed", "a third",
               speed.share >= 1 / 3),
    )  # fmt: skip
    return Table("scenes", ("what", "measured", "goal"), rows)


def security(telling: Telling, alive: Alive) -> Table:
    """Return what of the security page is judged by time."""
    apart = abs(telling.wrong - telling.unknown)
    counted = sorted(alive.statuses.items())
    statuses = ", ".join(f"{count} answered {status}" for status, count in counted)
    rows = (
        _scene("refused sign-in, unknown against wrong (medians)",
               f"{telling.unknown:.1f} against {telling.wrong:.1f} ms: {apart:.1f} ms apart",
               "10 ms apart", apart < 10),
        _scene("that chance alone parts them so far (Mann-Whitney p)", f"{telling.chance:.2f}",
               "above 0.01", telling.chance > 0.01),
        _scene(f"p99 of `/livez` while {GUESSING} guess passwords", f"{alive.p99:.1f} ms "
               f"(p50 {alive.p50:.1f}, slowest {alive.slowest:.1f}; guesses: {statuses})",
               "100 ms", alive.p99 < 100),
    )  # fmt: skip
    return Table("security", ("what", "measured", "goal"), rows)


def copies(found: Iterable[CopySpeed]) -> Table:
    """Return how fast a store is copied, beside a bare loop over the same rows."""
    head = ("from, to", "speed as a share of the bare loop", "goal", "rows", "seconds, bare",
            "seconds with search index and comparison")  # fmt: skip
    rows = [
        (one.direction, f"{one.share:.2f} {_mark(one.share >= 0.5)}", "0.5", f"{one.rows:,}",
         f"{one.copied:.2f}, {one.bare:.2f}", f"{one.whole:.2f}")
        for one in found
    ]  # fmt: skip
    return Table("copies", head, rows)


def browser(found: Feel) -> Table:
    """Return how the web app feels on a slow phone."""
    goals = {"Today": 2200.0, "an entry": 2800.0}
    rows = []
    for view in found.views:
        rows += [
            _row(f"{view.name}: largest paint", view.paint, goals[view.name], "ms"),
            _row(f"{view.name}: blocked in all", view.blocked, 200, "ms"),
            _scene(f"{view.name}: layout shift", f"{view.moved:.3f}", "0.02", view.moved <= 0.02),
        ]
    rows += [
        _row(f"key to frame in {LONG:,} words, p95", found.key, 60, "ms"),
        _scene(f"longest of {found.frames:,} frames while the timeline scrolls",
               f"{found.frame:.0f} ms, {found.long_frames} over 50 ms", "50 ms",
               found.long_frames == 0),
    ]  # fmt: skip
    return Table("browser", ("what", f"measured, processor {SLOWER} times as slow", "goal"), rows)


def media(found: MediaCosts) -> Table:
    """Return what files cost."""
    size = f"{found.megabytes:.1f} MB"
    rows = [
        _row(f"upload of {size}", found.upload, 8, "ms of CPU"),
        _row("download of 1 MiB by range", found.download, 2, "ms of CPU"),
        _row(f"memory while {LARGE_MB} MB go in and out", found.growth, 20, "MiB more"),
        (f"looking at it and its thumbnails, {size}", f"{found.worker:.0f} ms of CPU", ""),
    ]
    return Table("media", ("what", "measured", "goal"), rows)


def transfers(entries: Entries, pictures: Pictures) -> Table:
    """Return what a diary costs on its way out and in."""
    size, alive, floor = f"{pictures.megabytes / 1000:.2f} GB", pictures.alive, entries.floor
    rows = [
        _moved("`journiv export` of 10,000 entries", entries.exported),
        _moved("`journiv import` of 10,000 entries", entries.imported),
        ("their search index alone, in bare sqlite3", f"{floor.cpu:.2f} s of CPU", ""),
        _beside_copy(f"`journiv export` with pictures of {size}", pictures.exported, pictures),
        _beside_copy("`journiv import` of them", pictures.imported, pictures),
        _row("memory of a server while it exports them", pictures.export_growth, 40, "MiB more"),
        _row("memory of a server while it imports them", alive.growth, 40, "MiB more"),
        _scene("p99 of `/livez` while it imports them", f"{alive.p99:.1f} ms "
               f"(p50 {alive.p50:.1f}, slowest {alive.slowest:.1f})", "100 ms", alive.p99 < 100),
    ]  # fmt: skip
    return Table("transfers", ("what", "measured", "goal"), rows)


def _moved(what: str, cost: Cost) -> Sequence[str]:
    measured = f"{cost.cpu:.2f} s of CPU, {cost.seconds:.2f} s on the clock"
    return _scene(what, measured, "3 s of CPU", cost.cpu <= 3)


def _beside_copy(what: str, cost: Cost, found: Pictures) -> Sequence[str]:
    ratio, copied = cost.cpu / found.copied.cpu, found.copied
    measured = f"{ratio:.1f} times `cp` and SHA-256 (CPU {cost.cpu:.2f} and {copied.cpu:.2f} s, "
    measured += f"on the clock {cost.seconds:.2f} and {copied.seconds:.2f} s)"
    return _scene(what, measured, "2 times", ratio <= 2)


def _row(what: str, measured: float, goal: float, unit: str) -> Sequence[str]:
    return what, f"{measured:.1f} {unit} {_mark(measured <= goal)}", f"{goal:g} {unit}"


def rooms(found: Sizes) -> Table:
    """Return the bytes an entry takes, by what they hold."""
    both = found.rooms
    head = ("bytes an entry", *(f"{one.what}, {one.words} words an entry" for one in both))
    parts = both[0].parts
    rows = [(part, *(f"{one.parts[part]:,.0f}" for one in both)) for part in parts]
    rows.append(("together", *(f"{sum(one.parts.values()):,.0f}" for one in both)))
    rows.append(("SQLite's file", *(f"{one.sqlite:,.0f}" for one in both)))
    return Table("rooms", head, rows)


def needs(found: Sizes) -> Table:
    """Return what a machine is chosen by."""
    rows = [
        (f"CPU of {need.operation}", f"{need.server:.2f} ms", f"{need.database:.2f} ms")
        for need in found.needs
    ]
    memory = f"{found.fresh:.0f} MiB fresh, {found.loaded:.0f} MiB under load"
    rows.append(("memory of one server (PSS)", memory, ""))
    rows.append(("an account with one session", "", f"{found.account:,.0f} bytes"))
    return Table("needs", ("what", "Journiv", "PostgreSQL"), rows)


def _scene(what: str, measured: str, goal: str, reached: bool) -> Sequence[str]:
    return (what, f"{measured} {_mark(reached)}", goal)


def _mark(reached: bool) -> str:
    return "✓" if reached else "✗"


def machine() -> str:
    """Say when and on what this was measured, without naming the machine."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def write(table: Table, note: str) -> None:
    """Put a table into its section of the page."""
    begin, end = BEGIN.format(section=table.section), END.format(section=table.section)
    before, _, rest = PAGE.read_text().partition(begin)
    _, _, after = rest.partition(end)
    section = f"{begin}\n\n{table.markdown()}\n\nMeasured {note}.\n\n{end}"
    PAGE.write_text(before + section + after)
