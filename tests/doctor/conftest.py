from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.conftest import admin, client, new_user, server, session, signed_in, start_server
from tests.doctor.installation import Installation

__all__ = ["admin", "client", "new_user", "server", "session", "signed_in", "start_server"]


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The good installation that others are copies of."""
    return Installation.make(tmp_path_factory.mktemp("good"))


@pytest.fixture
def installation(pattern: Installation, tmp_path: Path) -> Installation:
    """A good installation, to be spoiled."""
    return pattern.copy(tmp_path)


@pytest.fixture(scope="session")
def good(pattern: Installation) -> dict[str, str]:
    """How its lines stand."""
    return pattern.lines()
