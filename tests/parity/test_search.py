"""Must show 4, the half about searching: a real diary, found through either store."""

from __future__ import annotations

import asyncio
import gzip
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from tests.api.server import SECRET_KEY, ServerProcess
from tests.parity.corpus import Request
from tests.parity.side import Side
from tests.parity.test_parity import ask_both

DIARY = Path(__file__).parent.parent / "data" / "pepys.ndjson.gz"
QUERIES = 500


def without_ties(folder: Path) -> Path:
    """Write the diary with one entry a day: which id of two comes first is chance."""
    with gzip.open(DIARY, "rt", encoding="utf-8") as lines:
        first = {orjson.loads(line)["date"]: line for line in lines}
    path = folder / "diary.ndjson"
    path.write_text("".join(first.values()), encoding="utf-8")
    return path


def import_diary(server: ServerProcess, diary: Path) -> None:
    command = ["import", str(diary), "--format", "ndjson", "--user", "sam@example.org"]
    command += ["--journal", "Diary"]
    environment = {"PATH": os.environ["PATH"], "ENVIRONMENT": "test", "SECRET_KEY": SECRET_KEY}
    done = subprocess.run(
        [sys.executable, "-m", "journiv", *command, "--zone", "Europe/London"],
        env=environment | server.location, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def needles(draw: random.Random) -> Iterator[str]:
    """Yield pieces of the diary's own words: rare and common, long and of one letter."""
    with gzip.open(DIARY, "rt", encoding="utf-8") as lines:
        texts = [str(orjson.loads(line)["text"]) for line in lines]
    while True:
        text = draw.choice(texts)
        start, length = draw.randrange(len(text)), draw.choice((1, 2, 3, 4, 6, 9, 15, 40))
        piece = text[start : start + length].strip()
        if draw.random() < 0.1:
            # The signs of LIKE and of FTS5 stand for nothing but themselves.
            piece = piece.replace(draw.choice("eaio"), draw.choice("%_*\\"), 1)
        if draw.random() < 0.3:
            piece = f'"{piece}"'
        if draw.random() < 0.3:
            other = draw.choice(texts).split()
            piece = f"{piece} {draw.choice(other)}" if other else piece
        if piece.strip('" '):
            yield piece.upper() if draw.random() < 0.2 else piece


def queries() -> Iterator[Request]:
    draw = random.Random(1669)
    found = needles(draw)
    for _ in range(QUERIES):
        query: dict[str, Any] = {"q": next(found), "limit": draw.choice((1, 5, 20, 100))}
        if draw.random() < 0.3:
            query["start_date"] = f"{draw.randint(1660, 1669)}-0{draw.randint(1, 9)}-15"
        if draw.random() < 0.3:
            query["end_date"] = f"{draw.randint(1660, 1669)}-0{draw.randint(1, 9)}-15"
        if draw.random() < 0.3:
            query["offset"] = draw.choice((1, 7, 100, 1000))
        yield Request("search", "sam", "GET", ("api", "v1", "entries", "search"), query, None)


async def test_five_hundred_searches_of_a_diary_find_the_same_in_either_store(
    sides: list[Side], tmp_path: Path
) -> None:
    diary = without_ties(tmp_path)
    for side in sides:
        await asyncio.to_thread(import_diary, side.server, diary)
    different, filled = [], 0
    for request in queries():
        one, other = await ask_both(sides, request)
        assert one["status"] in (200, 422), (request, one)
        filled += one["body"] not in ("[]", "")
        if one != other:
            different.append(f"{request.query}\n  {one}\n  {other}"[:2000])
    assert not different, f"{len(different)} differ\n" + "\n".join(different[:5])
    assert filled > QUERIES / 2
