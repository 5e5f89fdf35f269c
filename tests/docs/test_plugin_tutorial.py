"""The tutorial's plugin, built from the page, on a real server; and the page about testing it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from devtools.paths import ROOT
from tests.api.server import ServerProcess

PAGES = ROOT / "docs" / "plugins"
ADDRESS = "http://127.0.0.1:8000"
ACCOUNT = {"email": "sam@example.org", "name": "Sam", "password": "quill-Lantern-harbour-47"}


def snippets(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (PAGES / page).read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the plugin is installed: its wheel, built from the page's two files and unpacked."""
    folder = tmp_path_factory.mktemp("journiv-longest")
    (toml,), (module,) = snippets("tutorial.md", "toml"), snippets("tutorial.md", "python")
    (folder / "pyproject.toml").write_text(toml)
    (folder / "journiv_longest.py").write_text(module)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    with zipfile.ZipFile(next((folder / "dist").glob("*.whl"))) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_tutorial_is_one_page():
    assert len((PAGES / "tutorial.md").read_text().splitlines()) <= 80


def test_its_plugin_answers_the_line_it_says_to_type(site, tmp_path):
    *_, line = snippets("tutorial.md", "sh")
    assert ADDRESS in line
    server = ServerProcess(tmp_path, {"PYTHONPATH": str(site)})
    server.start()
    try:
        server.post("/api/v1/auth/register", ACCOUNT)
        token = server.post("/api/v1/auth/login", ACCOUNT)["access_token"]
        typed = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line.replace(ADDRESS, server.url)],
            env={"PATH": os.environ["PATH"], "TOKEN": token},
            capture_output=True,
            text=True,
            timeout=60,
        )
        operations = server.get("/api/v1/openapi.json")["paths"]
    finally:
        assert server.stop() == 0
    assert typed.returncode == 0, typed.stderr
    assert json.loads(typed.stdout) == {}
    assert "/api/v1/x/longest/" in operations


def test_the_tests_of_the_page_about_testing_pass(site, tmp_path):
    kit, server = snippets("testing.md", "python")
    (tmp_path / "test_plugin.py").write_text(kit)
    (tmp_path / "test_longest.py").write_text(server)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed is not None
    assert int(passed[1]) > 5, "the kit did not run"


def test_the_page_about_testing_names_every_kit():
    page = (PAGES / "testing.md").read_text()
    found = set()
    for path in (ROOT / "journiv" / "testing").rglob("*.py"):
        kits = re.findall(r"^class (\w+Conformance)\b", path.read_text(), re.MULTILINE)
        found |= set(kits)
        module = path.parent.name if path.name == "__init__.py" else path.stem
        assert all(f"`{kit}`" in page and f"`{module}`" in page for kit in kits)
    assert len(found) == 11
