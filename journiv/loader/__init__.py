"""The only code that touches pluggy at run time: from installed packages to chosen backends."""

from __future__ import annotations

from journiv.loader.construct import (
    Providers,
    construct,
    create_authenticators,
    create_media,
    create_store,
)
from journiv.loader.context import Host
from journiv.loader.contributions import (
    Contributions,
    commands,
    contributions,
    exporters,
    importers,
    media_processors,
    refuse_route_clashes,
)
from journiv.loader.opening import open_store, retried
from journiv.loader.plugins import Plugins, load
from journiv.loader.report import PluginRow
from journiv.loader.selection import Selection

__all__ = [
    "Contributions", "Host", "PluginRow", "Plugins", "Providers", "Selection", "commands",
    "construct", "contributions", "create_authenticators", "create_media", "create_store",
    "exporters", "importers", "load", "media_processors", "open_store", "refuse_route_clashes",
    "retried",
]  # fmt: skip
