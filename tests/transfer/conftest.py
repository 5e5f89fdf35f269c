from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

Journiv = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def journiv(database: Path, tmp_path: Path) -> Journiv:
    """Runs the real command line on the store of the `store` fixture."""
    environment = {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "test",
        "SECRET_KEY": "a-key-for-tests-and-for-nothing-else-0123456789",
        "JOURNIV_DATA": str(database.parent),
        "DATABASE_URL": f"sqlite:///{database}",
    }

    def run(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "journiv", *map(str, arguments)],
            env=environment | settings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture
def diary_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file in the diary format, a line for each record (or for each text as it is)."""

    def write(*records: dict[str, object] | str | bytes, name: str = "diary.ndjson") -> Path:
        path = tmp_path / name
        lines = [
            record.encode()
            if isinstance(record, str)
            else record
            if isinstance(record, bytes)
            else orjson.dumps(record)
            for record in records
        ]
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        return path

    return write
