"""The whole suite in two halves side by side: most tests wait, and two cores are usual."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence

from devtools.paths import ROOT, program

ONE_HALF = ("tests/api", "tests/e2e", "tests/security", "tests/cluster")
"""Folders that take as long as all the others together."""


def run_halves(environment: Mapping[str, str]) -> int:
    """Run every test; return 0 when all passed, else the exit code of a half that failed.

    The other half is printed as it goes, this one's report when both are over.
    """
    rest = [f"--ignore={folder}" for folder in ONE_HALF]
    with tempfile.TemporaryFile("w+") as report:
        beside = subprocess.Popen(
            _pytest(ONE_HALF), cwd=ROOT, env=dict(environment), stdout=report, stderr=report
        )
        try:
            code = subprocess.run(_pytest(rest), cwd=ROOT, env=dict(environment)).returncode
            other = beside.wait()
        finally:
            if beside.poll() is None:
                beside.terminate()
                beside.wait()
        report.seek(0)
        sys.stdout.write(report.read())
    return code or other


def _pytest(arguments: Sequence[str]) -> list[str]:
    # Each half keeps its own cache: two writers of one would lose what the other noted.
    return [program("python"), "-m", "pytest", "-p", "no:cacheprovider", *arguments]
