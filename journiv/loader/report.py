"""What `journiv plugins`, the start-up log and the admin page say about plugins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

ACTIVE = "active"
DISABLED = "disabled"
FAILED = "failed"
_BESIDE_BACKENDS = (
    "importers", "exporters", "routes", "jobs", "listeners", "lifespans", "commands",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRow:
    """One installed plugin. `provides` lists its backends, `in_use` those the settings chose."""

    name: str
    dist: str
    version: str
    state: str
    reason: str | None = None
    api: str | None = None
    hooks: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    in_use: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return the row in wire form."""
        return asdict(self)


def table(rows: Iterable[PluginRow]) -> str:
    """Return the rows as text for a terminal."""
    head = ("PLUGIN", "FROM", "API", "STATE", "PROVIDES (* in use)")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(row: PluginRow) -> tuple[str, ...]:
    provided = [f"{what}*" if what in row.in_use else what for what in row.provides]
    provided += [kind for kind in _BESIDE_BACKENDS if f"journiv_register_{kind}" in row.hooks]
    about = row.reason or ", ".join(provided) or "-"
    return (row.name, f"{row.dist} {row.version}", row.api or "-", row.state, about)
