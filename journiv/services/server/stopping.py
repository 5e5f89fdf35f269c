"""Telling one's own end from somebody else's."""

from __future__ import annotations

import asyncio


def told_to_stop() -> bool:
    """Say whether the running task itself was cancelled.

    A plugin that awaits a cancelled task of its own raises `CancelledError` too, and that must not
    end the task it was called from.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
