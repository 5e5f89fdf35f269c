"""Installs the example for its own tests, as its author has it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wheels import built, unpacked

EXAMPLE = Path(__file__).parent / "journiv-webhooks"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example's wheel in it."""
    wheel = built(EXAMPLE, tmp_path_factory.mktemp("wheel"))
    return unpacked(wheel, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="class", autouse=True)
def installed(site: Path) -> Iterator[None]:
    """What runs now, and what it starts, finds the example installed."""
    sys.path.append(str(site))
    yield
    sys.path.remove(str(site))
