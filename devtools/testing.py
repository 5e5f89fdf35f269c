"""The whole suite in three parts side by side: many tests wait, and two cores are usual."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from devtools.paths import ROOT, program

BESIDE = (
    ("tests/api", "tests/security"),
    ("tests/e2e", "tests/cluster", "tests/soak", "tests/oidc", "tests/proxies", "tests/backup"),
)
"""Folders of two parts that take about as long as all the others together."""


def run_parts(environment: Mapping[str, str]) -> int:
    """Run every test; return 0 when all passed, else the exit code of a part that failed.

    What is in no part of `BESIDE` is printed as it goes, their reports when all are over.
    """
    rest = [f"--ignore={folder}" for part in BESIDE for folder in part]
    with ExitStack() as stack:
        reports = [stack.enter_context(tempfile.TemporaryFile("w+")) for _ in BESIDE]
        started = [
            subprocess.Popen(
                _pytest(part), cwd=ROOT, env=dict(environment), stdout=report, stderr=report
            )
            for part, report in zip(BESIDE, reports, strict=True)
        ]
        try:
            codes = [subprocess.run(_pytest(rest), cwd=ROOT, env=dict(environment)).returncode]
            codes += [part.wait() for part in started]
        finally:
            for part in started:
                if part.poll() is None:
                    part.terminate()
                    part.wait()
        for report in reports:
            report.seek(0)
            sys.stdout.write(report.read())
    return max(codes, key=abs)


def _pytest(arguments: Sequence[str]) -> list[str]:
    # Each part keeps its own cache: two writers of one would lose what the other noted.
    return [program("python"), "-m", "pytest", "-p", "no:cacheprovider", *arguments]
