"""One run of wrk against one server."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.processes import Process

CONNECTIONS: Final = 8
_SCRIPT: Final = Path(__file__).with_name("requests.lua")
_MARK: Final = "RESULT "


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk sends in turn: a file of lines for `requests.lua`, all with one method."""

    method: str
    requests: Path


@dataclass(frozen=True, slots=True)
class Sample:
    """What came of one run. Times are milliseconds; CPU is per request, of the process tree."""

    rate: float
    p50: float
    p99: float
    cpu: float
    failed: int


def run(
    process: Process,
    load: Load,
    token: str | None,
    seconds: float,
    connections: int = CONNECTIONS,
) -> Sample:
    """Send requests on so many connections for so long."""
    environment = {
        "PATH": os.environ["PATH"],
        "METHOD": load.method,
        "REQUESTS": str(load.requests),
        **({"TOKEN": token} if token else {}),
    }
    command = [
        "wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "30s", "--latency",
        "-s", str(_SCRIPT), process.url,
    ]  # fmt: skip
    before = process.cpu_seconds()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    used = process.cpu_seconds() - before
    results = [line for line in done.stdout.splitlines() if line.startswith(_MARK)]
    if not results:
        raise SystemExit(f"wrk failed:\n{done.stdout}{done.stderr}")
    found = json.loads(results[0].removeprefix(_MARK))
    count = max(1, found["requests"])
    return Sample(
        rate=found["requests"] / (found["microseconds"] / 1e6),
        p50=found["p50"] / 1000,
        p99=found["p99"] / 1000,
        cpu=1000 * used / count,
        failed=found["failed"],
    )
