"""Builds the web app into `journiv/_web`: `python tools/build_web.py`, by hand or in a build.

Needs nothing but Python; Node comes from this machine or from the package index.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from devtools.failure import SetupError
from devtools.web import build

if __name__ == "__main__":
    try:
        build()
    except SetupError as error:
        sys.exit(f"tools/build_web.py: {error}")
