"""What pytest loads where Journiv is installed: the fixtures of kits, and readable failures.

Nothing of Journiv is imported before a fixture is used, so that its coverage can be measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from journiv.testing.clock import HandClock
    from journiv.testing.context import HandContext

pytest.register_assert_rewrite(
    "journiv.testing.auth",
    "journiv.testing.media",
    "journiv.testing.plugin",
    "journiv.testing.ratelimit",
    "journiv.testing.redirect",
    "journiv.testing.store",
    "journiv.testing.tokens",
    "journiv.testing.transfer",
)


@pytest.fixture
def journiv_clock() -> HandClock:
    """A clock that stands still until the test moves it."""
    from journiv.testing.clock import HandClock

    return HandClock()


@pytest.fixture
def journiv_ctx(tmp_path: Path, journiv_clock: HandClock) -> HandContext:
    """The context of a plugin, with an empty section and that clock."""
    from journiv.testing.context import HandContext

    return HandContext(data=tmp_path, clock=journiv_clock)
