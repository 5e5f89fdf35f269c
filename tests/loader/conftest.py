"""Fake plugins: modules that exist for one test, handed to the loader as candidates."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from journiv import config, hookimpl, loader
from journiv.loader.discovery import Candidate
from journiv.loader.plugins import Plugins

API = (0, 1)
Plant = Callable[..., Candidate]
Load = Callable[..., Plugins]


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Makes an importable plugin of functions; each becomes a hook unless `raw`."""

    def make(
        name: str,
        hooks: Mapping[str, Any] | None = None,
        *,
        api: str | None = "0.1",
        version: str = "1.0",
        dist: str | None = None,
        raw: bool = False,
    ) -> Candidate:
        module = types.ModuleType(f"fake_{name}")
        if api is not None:
            module.JOURNIV_API = api  # type: ignore[attr-defined]  # modules take any attribute
        for hook, function in (hooks or {}).items():
            setattr(module, hook, function if raw else hookimpl(function))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return Candidate(
            name=name, module=module.__name__, dist=dist or f"dist-{name}", version=version
        )

    return make


@pytest.fixture
def load() -> Load:
    """Loads candidates with the given environment."""

    def run(*candidates: Candidate, tolerant: bool = False, **environ: str) -> Plugins:
        given = config.read_sources({"JOURNIV_DATA": "/nowhere", **environ})
        return loader.load(given, API, candidates, tolerant=tolerant)

    return run
