"""Data folders to measure on, made once and kept in bench/data/, which git ignores.

A real server makes the account; the rows go in through the store's own repositories.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from bench import corpus
from bench.client import Client
from bench.processes import journiv
from journiv.contracts.repositories.entries import NewEntry
from journiv.contracts.repositories.mood_logs import NewMoodLog
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import SystemClock
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv_store_sqlite.connections import Tuning
from journiv_store_sqlite.search_fts5 import Fts5Index
from journiv_store_sqlite.store import SqliteStore

DATA: Final = Path(__file__).with_name("data")
DATABASE: Final = "journiv.db"
VERSION: Final = 1
BATCH: Final = 500
JOURNALS: Final = 5
TAGS: Final = 50
MOOD_LOGS: Final = 5000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a data folder holds: so many entries, with tags and mood logs or without."""

    entries: int
    rich: bool = True

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return (
            DATA
            / f"{self.entries}-{'rich' if self.rich else 'plain'}-{VERSION}.{Fts5Index.version}"
        )


def prepare(recipe: Recipe) -> Path:
    """Return the folder of a recipe, made now if it is not there yet."""
    folder = recipe.folder
    done = folder / "complete"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"Making {recipe.entries:,} entries in {folder.name} ...", file=sys.stderr)
        with journiv(folder) as server:
            client = Client(server)
            user_id = client.register()
            journals = [
                client.post("/journals/", {"title": f"J {n}"})["id"] for n in range(JOURNALS)
            ]
            moods = [mood["id"] for mood in client.get("/moods/")]
        asyncio.run(_fill(folder / DATABASE, UserScope(user_id), recipe, journals, moods))
        done.write_text(json.dumps({"entries": recipe.entries}))
    return folder


def copy(recipe: Recipe, target: Path) -> Path:
    """Copy a recipe's folder, for measurements that write."""
    shutil.copytree(prepare(recipe), target)
    return target


@contextmanager
def copy_growing(small: Recipe, large: Recipe) -> Iterator[tuple[Path, Path]]:
    """Give both folders to measurements that write; the large one is used where it is kept."""
    with tempfile.TemporaryDirectory(prefix="journiv-bench-") as scratch:
        yield copy(small, Path(scratch) / "data"), prepare(large)


async def _fill(
    database: Path, scope: UserScope, recipe: Recipe, journals: list[str], moods: list[str]
) -> None:
    log = logging.getLogger("bench")
    async with SqliteStore(database, SystemClock(), log, Tuning(cache_mib=256)) as store:
        entries = corpus.Corpus().entries(recipe.entries, journals, corpus.until())
        tags = await _tags(store, scope) if recipe.rich else []
        for number, batch in enumerate(_batches(entries)):
            await store.write(scope, partial(_add, batch, tags, random.Random(number)))
        if recipe.rich:
            for logs in _batches(_mood_logs(moods)):
                await store.write(scope, partial(_note, logs))


async def _tags(store: Store, scope: UserScope) -> list[str]:
    names = [f"tag {number}" for number in range(TAGS)]
    ids = [new_id() for _ in names]
    now = corpus.stamp()
    made = await store.write(scope, lambda tx: tx.tags.ensure(names, ids, now))
    return [tag["id"] for tag in made]


def _add(entries: list[NewEntry], tags: list[str], chance: random.Random, tx: Transaction) -> None:
    tx.entries.add_all(entries)
    if tags:
        for entry in entries:
            chosen = chance.sample(tags, chance.choice((0, 1, 1, 2, 3)))
            tx.tags.link(entry.id, chosen, entry.created_at)


def _mood_logs(moods: list[str]) -> Iterator[NewMoodLog]:
    chance = random.Random(3)
    for entry in corpus.Corpus().entries(MOOD_LOGS, ["-"], corpus.until()):
        yield NewMoodLog(
            id=new_id(),
            mood_id=chance.choice(moods),
            note=None,
            at=entry.at,
            zone="UTC",
            day=entry.day,
            created_at=entry.created_at,
        )


def _note(logs: list[NewMoodLog], tx: Transaction) -> None:
    for log in logs:
        tx.mood_logs.add(log)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
