"""Which plugins are installed, without importing any of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

from journiv.config.sources import suggestion
from journiv.loader.errors import BuiltinDisabled, DuplicatePlugin, UnknownPlugin

if TYPE_CHECKING:
    from journiv.config.settings import Settings

GROUP = "journiv.plugins"
BUILTIN = "builtin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An installed plugin: its name, the module to import, and the distribution it came with."""

    name: str
    module: str
    dist: str
    version: str

    @property
    def origin(self) -> str:
        """The distribution with its version, `journiv 1.2.0`."""
        return f"{self.dist} {self.version}"


def discover(distributions: Iterable[metadata.Distribution] | None = None) -> list[Candidate]:
    """Return every installed plugin in import order: `builtin`, then by name.

    Raises `DuplicatePlugin` when two distributions use one name.
    """
    found: dict[str, Candidate] = {}
    for candidate in _candidates(
        metadata.distributions() if distributions is None else distributions
    ):
        other = found.setdefault(candidate.name, candidate)
        if other is not candidate:
            raise DuplicatePlugin(candidate.name, other.origin, candidate.origin)
    return sorted(found.values(), key=lambda one: (one.name != BUILTIN, one.name))


def decide(candidates: Sequence[Candidate], settings: Settings) -> Mapping[str, str | None]:
    """Say for every plugin why it is not active; None for those that are.

    Raises `UnknownPlugin` for a name in a list that is not installed.
    """
    installed = [candidate.name for candidate in candidates]
    wanted, denied = settings.plugins, settings.plugins_disabled
    for setting, names in (
        ("JOURNIV_PLUGINS", wanted or ()),
        ("JOURNIV_PLUGINS_DISABLED", denied),
    ):
        for name in names:
            if name not in installed:
                raise UnknownPlugin(setting, name, suggestion(name, installed), installed)
    if BUILTIN in denied:
        raise BuiltinDisabled
    return {name: _reason(name, wanted, denied) for name in installed}


def _reason(name: str, wanted: Sequence[str] | None, denied: Sequence[str]) -> str | None:
    if name in denied:
        return "switched off by JOURNIV_PLUGINS_DISABLED"
    if wanted is not None and name not in wanted and name != BUILTIN:
        return "not listed in JOURNIV_PLUGINS"
    return None


def _candidates(distributions: Iterable[metadata.Distribution]) -> Iterator[Candidate]:
    """Yield the entries of each distribution once; the first on `sys.path` is the one in use."""
    seen: set[str] = set()
    for distribution in distributions:
        name = distribution.metadata["Name"] if _declares(distribution) else None
        if name is None or _normal(name) in seen:
            continue
        seen.add(_normal(name))
        for entry in distribution.entry_points:
            if entry.group == GROUP:
                yield Candidate(
                    name=entry.name, module=entry.value, dist=name, version=distribution.version
                )


def _declares(distribution: metadata.Distribution) -> bool:
    """Look into one small file before parsing the long one."""
    return GROUP in (distribution.read_text("entry_points.txt") or "")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
