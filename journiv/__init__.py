"""Journiv: a self-hosted private journal on a plugin kernel.

A plugin needs three names from here: `hookimpl` marks its hooks, `API_VERSION` is what it is
checked against, `__version__` is the server's release.
"""

from __future__ import annotations

from typing import Final

from journiv.hookspecs.markers import hookimpl

__version__: Final = "0.1.0"
API_VERSION: Final = (0, 1)

__all__ = ["API_VERSION", "__version__", "hookimpl"]
