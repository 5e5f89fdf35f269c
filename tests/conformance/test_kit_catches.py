"""Each kit fails what it should: faults are planted, and the tests that must find them run.

Without a fault the same tests pass: they are those of the other modules here.
"""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from devtools.paths import ROOT

FOLDER = "tests/conformance/faulty"
MODULES = ("limits_and_media", "plugins", "repositories", "sign_in", "stores", "transfers")
LEAST = 3
KITS = {
    "store", "password authenticator", "redirect authenticator", "token handler", "rate limiter",
    "media store", "importer", "exporter", "plugin",
}  # fmt: skip


class Planted(NamedTuple):
    """A fault, the kit it is for, and a test that must find it."""

    kit: str
    module: str
    fault: str
    test: str

    @property
    def node(self) -> str:
        return f"{FOLDER}/{self.module}.py::{self.fault}::{self.test}"


def planted() -> list[Planted]:
    found = []
    for name in MODULES:
        module = importlib.import_module(f"tests.conformance.faulty.{name}")
        for fault in filter(inspect.isclass, vars(module).values()):
            for test in getattr(fault, "caught_by", ()):
                found.append(Planted(fault.kit, name, fault.__name__, test))
    return found


PLANTED = planted()
HONEST = f"{FOLDER}/plugins.py::TestHonest"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], str]:
    """How each test ended: `passed`, `failure` or `error`, by class and name."""
    report = tmp_path_factory.mktemp("faulty") / "report.xml"
    nodes = [one.node for one in PLANTED]
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider"]
    command += [f"--junitxml={report}", HONEST, *nodes]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert report.exists(), done.stdout + done.stderr
    ended = {}
    for case in ET.parse(report).iter("testcase"):
        bad = sorted((one.tag for one in case if one.tag in ("failure", "error")), reverse=True)
        place = (case.attrib["classname"].rpartition(".")[2], case.attrib["name"])
        ended[place] = bad[0] if bad else "passed"
    return ended


@pytest.mark.parametrize("one", PLANTED, ids=lambda one: f"{one.fault}-{one.test}")
def test_a_planted_fault_is_found(one: Planted, outcomes: Mapping[tuple[str, str], str]) -> None:
    assert outcomes[one.fault, one.test] == "failure"


def test_nothing_is_found_where_nothing_is_planted(
    outcomes: Mapping[tuple[str, str], str],
) -> None:
    honest = {end for (fault, _), end in outcomes.items() if fault == "TestHonest"}
    assert honest == {"passed"}


def test_every_kit_has_faults_enough() -> None:
    faults = Counter(kit for kit, _ in {(one.kit, one.fault) for one in PLANTED})
    assert set(faults) == KITS
    assert min(faults.values()) >= LEAST, faults
