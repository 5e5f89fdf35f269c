"""Building plugins of other projects, as their authors do, without the network."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path


def built(project: Path, folder: Path) -> Path:
    """Build a project's wheel into a folder by the locked backend."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=project,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return next(folder.glob("*.whl"))


def unpacked(wheel: Path, folder: Path) -> Path:
    """Unpack a wheel into a folder for `PYTHONPATH`, as installing a pure wheel leaves it."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder
