"""Builds the web app before a wheel or an sdist is packed; both carry it, so neither needs Node."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebAppHook(BuildHookInterface[Any]):
    """Does nothing for editable installs, nor where only the built app is at hand (an sdist)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the app when its sources are here. Raises `SetupError` when that fails."""
        root = Path(self.root)
        if version == "editable" or not (root / "web" / "package.json").exists():
            return
        sys.path.insert(0, str(root))
        from devtools import web

        web.build()
