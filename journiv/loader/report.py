"""What `journiv plugins`, the start-up log and the admin page say about plugins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

ACTIVE = "active"
DISABLED = "disabled"
FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRow:
    """One installed plugin. `offers` lists backends, `in_use` those the settings chose."""

    name: str
    dist: str
    version: str
    state: str
    reason: str | None = None
    api: str | None = None
    hooks: tuple[str, ...] = ()
    in_use: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return the row in wire form."""
        return asdict(self)


def table(rows: Iterable[PluginRow]) -> str:
    """Return the rows as text for a terminal."""
    head = ("PLUGIN", "FROM", "API", "STATE", "IN USE")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(row: PluginRow) -> tuple[str, ...]:
    used = ", ".join(row.in_use) or "-"
    about = used if row.reason is None else row.reason
    return (row.name, f"{row.dist} {row.version}", row.api or "-", row.state, about)
