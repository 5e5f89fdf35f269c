"""`journiv openapi`: the API with the routes of the plugins in use, for who writes programs."""

from __future__ import annotations

import argparse
import os
import sys

from journiv import API_VERSION, app, config, loader


def configure(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print the document; no server needs to run, and no store is opened."""
    plugins = loader.load(config.read_sources(os.environ), API_VERSION)
    sys.stdout.write(app.describe(plugins).decode() + "\n")
    return 0
