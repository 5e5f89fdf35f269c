"""The first entry of the README, typed into a shell against a real server."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from devtools.paths import ROOT
from tests.api.server import ServerProcess

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture
def server(tmp_path):
    """A fresh server with the settings of ./dev run."""
    process = ServerProcess(tmp_path, {"ENVIRONMENT": "development"})
    process.start()
    yield process
    process.stop()


def first_entry() -> str:
    """Return the shell lines under the heading of the first entry."""
    section = (ROOT / "README.md").read_text().split("## A first entry")[1]
    found = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


def answers(output: str) -> list[object]:
    """Split what curl printed, one JSON value after the other."""
    decoder, values, position = json.JSONDecoder(), [], 0
    while position < len(output):
        value, end = decoder.raw_decode(output, position)
        values.append(value)
        position = end + len(output[end:]) - len(output[end:].lstrip())
    return values


def test_the_lines_create_an_account_a_journal_and_an_entry_and_find_it(server):
    lines = first_entry()
    assert ADDRESS in lines
    typed = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines.replace(ADDRESS, server.url)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert typed.returncode == 0, typed.stderr
    account, entry, found = answers(typed.stdout)
    assert (account["email"], account["role"]) == ("sam@example.com", "admin")
    assert entry["content"] == "Up betimes, and wrote this."
    assert [hit["id"] for hit in found] == [entry["id"]]
