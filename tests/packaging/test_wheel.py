from __future__ import annotations

import configparser
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from devtools.paths import ROOT

PACKAGES = ("journiv", *sorted(ROOT.glob("plugins/*/journiv_*")))
NOT_SHIPPED = {"__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built by the locked backend without the network."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return next(folder.glob("*.whl"))


def test_every_file_of_every_package_is_in_the_wheel(wheel):
    expected = {
        str(path.relative_to(package.parent))
        for package in (ROOT / name for name in PACKAGES)
        for path in package.rglob("*")
        if path.is_file() and not NOT_SHIPPED & set(path.parts)
    }
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == expected


def test_every_bundled_plugin_is_an_entry_point_of_its_folder(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(one for one in archive.namelist() if one.endswith("/entry_points.txt"))
        entries = configparser.ConfigParser()
        entries.read_string(archive.read(name).decode())
    bundled = {path.name: f"journiv_{path.name}" for path in (ROOT / "plugins").iterdir()}
    assert dict(entries["journiv.plugins"]) == {"builtin": "journiv.builtin", **bundled}
    assert entries["console_scripts"]["journiv"] == "journiv.cli:main"


def test_the_import_contracts_name_every_bundled_plugin():
    text = (ROOT / "pyproject.toml").read_text()
    packages = sorted(path.name for path in ROOT.glob("plugins/*/journiv_*"))
    assert packages
    for package in packages:
        assert f'"{package}"' in text.partition("[tool.importlinter]")[2]


def test_the_packages_work_from_the_wheel_alone(wheel, tmp_path):
    """Unpacked before the checkout on the path, as an installation is."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    packages = [Path(name).name for name in PACKAGES]
    program = "import importlib, sys\nfor name in sys.argv[1:]:\n" + (
        "    print(importlib.import_module(name).__file__)"
    )
    answer = subprocess.run(
        [sys.executable, "-P", "-c", program, *packages],
        env={"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert [Path(line).parent for line in answer.stdout.splitlines()] == [
        tmp_path / name for name in packages
    ]
