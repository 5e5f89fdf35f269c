"""The last warnings of a server, kept beside its data for whoever reports a problem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

FILE: Final = "warnings.log"
MOST: Final = 20


def recent_warnings(data: Path) -> list[Mapping[str, Any]]:
    """Return the newest warnings below a data folder, oldest first; none when there is no file.

    Of a trace only the last line is kept, the kind of error.
    """
    try:
        lines = (data / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [read for line in lines[-MOST:] if (read := _read(line))]


def _read(line: str) -> Mapping[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    if trace := str(record.pop("trace", "")):
        record["error"] = trace.rpartition("\n")[2]
    return record
