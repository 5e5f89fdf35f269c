"""`journiv plugins`: which there are, and what they do here."""

from __future__ import annotations

import argparse
import json
import os
import sys

from journiv import API_VERSION, config, loader
from journiv.domain.errors import ConfigError
from journiv.loader.report import FAILED, table


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the list; 78 when the settings and the plugins do not make a server."""
    plugins = loader.load(config.read_sources(os.environ), API_VERSION, tolerant=True)
    problem: ConfigError | None = None
    selection = None
    try:
        selection = plugins.select()
    except ConfigError as error:
        problem = error
    rows = plugins.rows(selection)
    if arguments.json:
        print(json.dumps([row.record() for row in rows], indent=2))
    else:
        print(table(rows))
    if problem is not None:
        print(f"journiv: {problem.detail}", file=sys.stderr)
        return 78
    return 78 if any(row.state == FAILED for row in rows) else 0
