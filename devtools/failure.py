"""The one way in which ./dev gives up."""

from __future__ import annotations


class SetupError(Exception):
    """Something on this machine is missing; the message says what and how to mend it."""
