"""Under which names the store keeps who makes a backup, and when one was last known to be good."""

from __future__ import annotations

from typing import Final

GOOD: Final = "backup.good"
"""When the last backup was finished."""

DRILLED: Final = "backup.drilled"
"""When one was last restored as a trial, and was whole."""

MAKING: Final = "backup.making"
"""The lease of whoever makes a backup; while it is held, no file of media is deleted."""
