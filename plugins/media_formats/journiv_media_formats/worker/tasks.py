"""What the server may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from journiv_media_formats import signatures
from journiv_media_formats.worker import formats, pictures, recordings


def inspect(path: str, mime: str) -> dict[str, Any]:
    """Return the members of `MediaFacts`. Raises `Refused`."""
    formats.check(Path(path), mime)
    if mime in signatures.PICTURES:
        return pictures.facts(Path(path), mime)
    return recordings.facts(Path(path), mime)


def strip(path: str, mime: str, target: str) -> bool:
    """Write a cleaned copy where something is to be taken away. Raises `Refused`."""
    return formats.strip(Path(path), mime, Path(target))


def render(path: str, mime: str, variants: list[dict[str, Any]], folder: str) -> list[Any]:
    """Return the members of each `Rendered`. Raises `Refused`."""
    if not variants:
        return []
    draw = pictures.draw if mime in signatures.PICTURES else recordings.draw
    return draw(Path(path), mime, variants, Path(folder))


TASKS: Final[Mapping[str, Callable[..., Any]]] = {
    "inspect": inspect,
    "strip": strip,
    "render": render,
}
