"""This configuration with another database."""

from __future__ import annotations

from dataclasses import replace

from journiv.config import Settings
from journiv.config.compose_db import database_url


def with_database(settings: Settings, url: str) -> Settings:
    """Return the settings with another `DATABASE_URL`. Raises `ConfigError`."""
    # Other URLs of a store's section (a migrating role, a replica) tell of the one there was.
    sections = {
        name: {
            key: None if name.startswith("store_") and key.endswith("_url") else value
            for key, value in section.items()
        }
        for name, section in settings.sections.items()
    }
    target = database_url(url, None, settings.data)
    return replace(settings, database_url=target, store=None, sections=sections)
