"""What requests cost on PostgreSQL, in turn with the same ones on SQLite, over the same rows."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench import operations
from bench.compare import Comparison, side_by_side
from bench.copies import postgres
from bench.datasets import Recipe, copy
from bench.operations import Operation
from bench.processes import ROOT, SETTINGS, journiv

GOALS: Final = {
    operations.GET_ONE: 2.5,
    operations.LIST_20: 2.5,
    operations.CREATE: 3.0,
}


def measure(
    chosen: list[Operation], entries: int, rounds: int, seconds: float
) -> Iterator[Comparison]:
    """Compare; only the server's own CPU counts, not the database's."""
    with (
        tempfile.TemporaryDirectory(prefix="journiv-bench-") as name,
        postgres(durable=True) as at,
    ):
        folder = copy(Recipe(entries), Path(name) / "sqlite")
        url = at.new_database()
        copy_store(folder, url)
        there = {"DATABASE_URL": url}
        with journiv(Path(name) / "postgres", there) as ours, journiv(folder) as theirs:
            yield from side_by_side(chosen, ours, theirs, rounds, seconds)


def copy_store(folder: Path, url: str) -> None:
    """Bring a data folder's rows into an empty PostgreSQL database."""
    environment = {"PATH": os.environ["PATH"], "JOURNIV_DATA": str(folder), **SETTINGS}
    command = [sys.executable, "-m", "journiv", "copy-store", "--to", url]
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
