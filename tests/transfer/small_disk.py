"""A disk of a few megabytes that really fills up, in a mount namespace of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HOLD: Final = 'mount -t tmpfs -o size="$2",mode=0700 tmpfs "$1" && echo ready && cat'


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """Only what is run `within` sees the disk, which is mounted at `folder`."""

    folder: Path
    pid: int

    @property
    def within(self) -> tuple[str, ...]:
        """What to put before a command."""
        return ("nsenter", f"--target={self.pid}", "--user", "--mount", "--preserve-credentials")

    def grow(self, size: str) -> None:
        """Make room."""
        options = f"remount,size={size}"
        subprocess.run([*self.within, "mount", "-o", options, self.folder], check=True)

    def files(self) -> list[str]:
        """Every file on it, hidden ones too."""
        command = [*self.within, "find", self.folder, "-type", "f"]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return sorted(line.removeprefix(f"{self.folder}/") for line in found.splitlines())


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[SmallDisk]:
    """Give a disk, which goes with everything on it."""
    folder.mkdir(mode=0o700)
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", _HOLD, "sh", folder, size]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"ready\n"
        yield SmallDisk(folder, holder.pid)
        holder.stdin.close()
