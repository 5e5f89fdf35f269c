"""A kit for whole plugins: what the server expects of them before it runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import ClassVar, Final

import pytest

from journiv import API_VERSION
from journiv.loader.discovery import Candidate, discover
from journiv.testing.probe import Seen

NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,40}")
SECRET: Final = re.compile(r"password|secret|token|api_key|private_key")
_PATIENCE: Final = 120.0


class PluginConformance:
    """Subclass it and set `name`, and `environ` when something needs settings to be created.

    The plugin is loaded in a process of its own, as the server loads it. It must be installed.
    """

    name: ClassVar[str]
    """The plugin: the name of its entry point."""

    environ: ClassVar[Mapping[str, str]] = {}
    """The settings under which everything the plugin offers can be created."""

    @pytest.fixture
    def candidate(self) -> Candidate:
        """The plugin as it is installed."""
        found = [one for one in discover() if one.name == self.name]
        assert found, f"no plugin '{self.name}' is installed where the tests run"
        return found[0]

    @pytest.fixture(scope="class")
    @classmethod
    def seen(cls, tmp_path_factory: pytest.TempPathFactory) -> Seen:
        """What was seen while the plugin was loaded."""
        return probed(cls.name, cls.environ, tmp_path_factory.mktemp("probed"))

    def test_its_metadata_say_what_it_is(self, candidate: Candidate) -> None:
        assert NAME.fullmatch(candidate.name), "a name is a section of journiv.toml and a route"
        assert candidate.version
        if candidate.dist != "journiv":
            needs = metadata.requires(candidate.dist) or []
            assert any(re.match(r"journiv\b(?!-)", one) for one in needs), "it needs journiv"

    def test_it_states_an_api_that_this_release_offers(self, seen: Seen) -> None:
        major, minor = map(int, seen["api"].split("."))
        assert major == API_VERSION[0]
        assert minor <= API_VERSION[1]

    def test_it_implements_hooks(self, seen: Seen) -> None:
        assert seen["hooks"], "a plugin without hooks does nothing"

    def test_importing_it_loads_no_driver(self, seen: Seen) -> None:
        assert seen["drivers"] == [], "import these where they are used: inside `create` or later"

    def test_importing_it_touches_nothing(self, seen: Seen) -> None:
        assert seen["import_touched"] == []

    def test_hooks_and_create_touch_nothing(self, seen: Seen) -> None:
        assert seen["touched"] == [], "open files and connections in `open()`, not in `create`"

    def test_no_thread_runs_before_the_server_does(self, seen: Seen) -> None:
        assert seen["threads"] == []

    def test_what_it_offers_is_created(self, seen: Seen) -> None:
        for name, wanted, made in seen["backends"]:
            assert made == wanted, f"create of '{name}' made an object of {made}"

    def test_its_settings_are_explained(self, seen: Seen) -> None:
        for key, rules in seen["settings"].items():
            assert re.fullmatch(r"[a-z][a-z0-9_]*", key), key
            meta = rules.get("meta", {})
            assert meta.get("help"), f"{key} has no `meta.help`"
            if SECRET.search(key) and rules.get("type", "string") == "string":
                assert isinstance(meta.get("secret"), bool), f"{key} does not say if it is secret"

    def test_a_setting_can_come_from_the_environment(self, seen: Seen, tmp_path: Path) -> None:
        for key, rules in seen["settings"].items():
            if isinstance(rules.get("default"), bool | int | str):
                given = {
                    **self.environ,
                    f"JOURNIV_{self.name}__{key}".upper(): str(rules["default"]),
                }
                assert probed(self.name, given, tmp_path)["hooks"] == seen["hooks"]
                return


def probed(name: str, environ: Mapping[str, str], data: Path) -> Seen:
    """Load a plugin in a process of its own and return what was seen."""
    settings = {
        "ENVIRONMENT": "test",
        "SECRET_KEY": "a key for tests that nobody uses in earnest, 0123456789",
        "JOURNIV_DATA": str(data),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PATH": os.environ.get("PATH", ""),
    }
    command = [sys.executable, "-B", "-m", "journiv.testing.probe", name]
    done = subprocess.run(  # noqa: S603  the command is ours
        command, env=settings | dict(environ), capture_output=True, text=True, timeout=_PATIENCE
    )
    assert done.returncode == 0, done.stderr
    seen: Seen = json.loads(done.stdout)
    return seen
