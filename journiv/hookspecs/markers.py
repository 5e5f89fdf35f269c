"""The two markers of the plugin system: `hookspec` for the core, `hookimpl` for plugins."""

from __future__ import annotations

from typing import Final

import pluggy

PROJECT: Final = "journiv"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
