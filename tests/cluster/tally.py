"""Installs the plugin of `tally_plugin.py` and reads what its jobs have written down."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

MODULE = "journiv_tally"
_DISTRIBUTION = {
    "METADATA": "Metadata-Version: 2.1\nName: journiv-tally\nVersion: 1.0\n",
    "entry_points.txt": f"[journiv.plugins]\ntally = {MODULE}\n",
}


class Note(NamedTuple):
    """A line: what a job did, in which process, at which second."""

    what: str
    pid: int
    at: float


@dataclass(frozen=True, slots=True)
class Tally:
    """A folder that is a place to import from and one to write into."""

    folder: Path

    def install(self) -> dict[str, str]:
        """Return the settings of servers that have the plugin."""
        site = self.folder / "site"
        described = site / f"{MODULE}-1.0.dist-info"
        described.mkdir(parents=True)
        for name, text in _DISTRIBUTION.items():
            (described / name).write_text(text)
        shutil.copy(Path(__file__).with_name("tally_plugin.py"), site / f"{MODULE}.py")
        return {"PYTHONPATH": str(site), "JOURNIV_TALLY__FOLDER": str(self.folder)}

    @property
    def hold(self) -> Path:
        """While this file is there, the job `hold` does not end."""
        return self.folder / "hold"

    def notes(self, name: str) -> list[Note]:
        """Return what stands in one of its files."""
        path = self.folder / name
        lines = path.read_text().splitlines() if path.exists() else []
        return [Note(what, int(pid), float(at)) for what, pid, at in map(str.split, lines)]
