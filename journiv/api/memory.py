"""Memory of the machine and of this process, as Linux tells it; zeros elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_MEGABYTE = 1024
_LINE = re.compile(r"^(\w+):\s+(\d+) kB$", re.MULTILINE)
_WARNING, _CRITICAL = 80, 90


def memory_report() -> Mapping[str, Any]:
    """Return status, system memory and process memory in megabytes."""
    system = _kilobytes(Path("/proc/meminfo"))
    process = _kilobytes(Path("/proc/self/status"))
    total = system.get("MemTotal", 0)
    available = system.get("MemAvailable", 0)
    percent = round(100 * (total - available) / total, 1) if total else 0.0
    return {
        "status": _status(percent),
        "system_memory": {
            "total_mb": _mb(total),
            "used_mb": _mb(total - available),
            "available_mb": _mb(available),
            "percent_used": percent,
        },
        "process_memory": {
            "rss_mb": _mb(process.get("VmRSS", 0)),
            "vms_mb": _mb(process.get("VmSize", 0)),
        },
    }


def _status(percent: float) -> str:
    if percent > _CRITICAL:
        return "critical"
    return "warning" if percent > _WARNING else "ok"


def _kilobytes(path: Path) -> Mapping[str, int]:
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return {}
    return {name: int(amount) for name, amount in _LINE.findall(text)}


def _mb(kilobytes: int) -> float:
    return round(kilobytes / _MEGABYTE, 1)
