"""What the deployments are compared with: settings, versions, probes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Final

from devtools.paths import ROOT
from journiv.config.schema import CORE

VERSION: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
PORT: Final = 8000
_PINNED: Final = re.compile(r"[a-z0-9./-]+:v?\d[\w.-]*")


@cache
def settings() -> frozenset[str]:
    """Return every environment name a server reads, those of files too."""
    names = set(_names())
    return frozenset(names | {f"{name}_FILE" for name in names})


def image_faults(image: str) -> Iterator[str]:
    """Yield what is wrong with the name of an image."""
    if _PINNED.fullmatch(image) is None:
        yield f"the image {image} names no version"
    if image.startswith("journiv:") and image != f"journiv:{VERSION}":
        yield f"the image {image} is not of this release, {VERSION}"


def _names() -> Iterator[str]:
    for key, rules in CORE.items():
        yield from rules["meta"]["env"]
        yield f"JOURNIV_{key.upper()}"
    for entry in entry_points(group="journiv.plugins"):
        describe = getattr(entry.load(), "journiv_config_schema", None)
        for key, rules in (describe() if describe else {}).items():
            yield from rules["meta"].get("env", ())
            yield f"JOURNIV_{entry.name.upper()}__{key.upper()}"
