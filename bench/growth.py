"""What a hundred times as many entries cost on PostgreSQL. Bringing them in takes some minutes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.compare import Comparison, side_by_side
from bench.copies import postgres
from bench.datasets import Recipe, prepare
from bench.operations import Operation
from bench.processes import journiv
from bench.stores import copy_store


def measure(
    chosen: Sequence[Operation], few: Recipe, many: Recipe, rounds: int, seconds: float
) -> Iterator[Comparison]:
    """Compare two servers on two databases; only their own CPU counts, not the database's."""
    with tempfile.TemporaryDirectory(prefix="journiv-bench-") as name, postgres(durable=True) as at:
        urls = at.new_database(), at.new_database()
        for recipe, url in zip((few, many), urls, strict=True):
            copy_store(prepare(recipe), url)
        small, large = ({"DATABASE_URL": url} for url in urls)
        with (
            journiv(Path(name) / "many", large) as here,
            journiv(Path(name) / "few", small) as there,
        ):
            yield from side_by_side(chosen, here, there, rounds, seconds)
