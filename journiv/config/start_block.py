"""The memory a process got its environment in: `/proc/<pid>/environ` shows it for ever."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_STAT = Path("/proc/self/stat")
_MEMORY = Path("/proc/self/mem")
_ENV_START = 47  # fields 50 and 51 of proc_pid_stat(5), counted from the third on
_ENV_END = 48


def blank(names: Iterable[str]) -> None:
    """Overwrite these variables there; they must be gone from `os.environ` already.

    Where there is no such memory to write to (another system than Linux, or one that forbids it)
    nothing is done.
    """
    heads = tuple(f"{name}=".encode() for name in names)
    try:
        fields = _STAT.read_text().rpartition(")")[2].split()
        start, end = int(fields[_ENV_START]), int(fields[_ENV_END])
        with _MEMORY.open("r+b", buffering=0) as memory:
            memory.seek(start)
            for variable in memory.read(end - start).split(b"\0"):
                if variable.startswith(heads):
                    memory.seek(start)
                    memory.write(bytes(len(variable)))
                start += len(variable) + 1
    except OSError:
        return
