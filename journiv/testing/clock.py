"""A clock for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class HandClock:
    """Stands still until it is moved by hand. Begins at a real date, whole seconds."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = (at or datetime(2026, 3, 15, 12, tzinfo=UTC)).astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self._at

    def later(self, seconds: float) -> None:
        """Move it forward, or back when negative."""
        self._at += timedelta(seconds=seconds)
