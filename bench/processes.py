"""The processes that are measured, and what /proc says about them (Linux)."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
TICKS: Final = os.sysconf("SC_CLK_TCK")
PATIENCE: Final = 120.0

# Production, with everything on but the limits, which would end the measurement.
SETTINGS: Final = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "only-for-measuring-0123456789-abcdefghijklmnop",
    "RATE_LIMIT_ENABLED": "false",
    "ACCESS_TOKEN_EXPIRE_MINUTES": "1440",
}


@dataclass(frozen=True, slots=True)
class Process:
    """A running server; `beside` are further processes that answer at the same address."""

    pid: int
    port: int
    startup: float
    beside: tuple[int, ...] = ()

    @property
    def url(self) -> str:
        """Its address without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Return user and system time of all of it so far, also of what has ended meanwhile."""
        return sum(cpu_seconds(pid) + ended_cpu_seconds(pid) for pid in (self.pid, *self.beside))


@contextmanager
def journiv(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Process]:
    """Run `journiv serve` on a data folder, its log in `server.log` there."""
    environment = {
        "PATH": os.environ["PATH"],
        "JOURNIV_DATA": str(folder),
        **SETTINGS,
        **(settings or {}),
    }
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = ["-m", "journiv", "serve", "--host", "127.0.0.1"]
    with _running(command, environment, folder / "server.log", "/livez") as process:
        yield process


@contextmanager
def bare(bodies: Path) -> Iterator[Process]:
    """Run the bare handler, which answers with the files of a folder."""
    environment = {"PATH": os.environ["PATH"], "BENCH_BODIES": str(bodies)}
    with _running(["-m", "bench.bare"], environment, bodies / "bare.log", "/ready") as process:
        yield process


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], log: Path, probe: str
) -> Iterator[Process]:
    port = _free_port()
    with log.open("wb") as output:
        began = time.perf_counter()
        started = subprocess.Popen(
            [sys.executable, *command, "--port", str(port)],
            env=dict(environment),
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
    try:
        _await(started, port, probe, log)
        yield Process(started.pid, port, time.perf_counter() - began)
    finally:
        started.send_signal(signal.SIGTERM)
        try:
            started.wait(30)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _await(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.005)
        finally:
            connection.close()
    raise SystemExit(f"a server did not start:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process and its descendants so far."""
    return sum(map(_cpu_ticks, _tree(pid))) / TICKS


def own_cpu_seconds(pid: int) -> float:
    """Return user and system time of a process so far, without its descendants'."""
    return _cpu_ticks(pid) / TICKS


def ended_cpu_seconds(pid: int) -> float:
    """Return user and system time of the children that ended, once their parent has noticed."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / TICKS


def pss_mib(pid: int) -> float:
    """Return the proportional set size of a process and its descendants."""
    return sum(map(_pss_kib, _tree(pid))) / 1024


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        current = waiting.pop()
        found.append(current)
        for children in Path(f"/proc/{current}/task").glob("*/children"):
            waiting += map(int, children.read_text().split())
    return found


def _cpu_ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0  # ended since it was listed: its parent counts it from now on
    return int(fields[11]) + int(fields[12])


def _pss_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
