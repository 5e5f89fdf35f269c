"""Under which names the store keeps when backups were last known to be good."""

from __future__ import annotations

from typing import Final

GOOD: Final = "backup.good"
"""When the last backup was finished."""

DRILLED: Final = "backup.drilled"
"""When one was last restored as a trial, and was whole."""
