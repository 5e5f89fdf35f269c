"""A hook exists only if something in this repository uses it: one test for each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from journiv import API_VERSION, config, hookspecs, loader
from journiv.contracts.storage import Store
from journiv.domain.clock import SystemClock
from journiv.loader import Host, Plugins
from journiv.loader.discovery import Candidate, discover

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "journiv-webhooks"
BUNDLED = ("builtin", "auth_local", "media_formats", "store_sqlite")


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    """The bundled plugins and the example, loaded as a server loads them."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    candidates = [one for one in discover() if one.name in BUNDLED]
    example = Candidate(name="webhooks", module="journiv_webhooks", dist="x", version="1")
    candidates.append(example)
    environ = {"ENVIRONMENT": "test", "JOURNIV_DATA": str(tmp_path), "SECRET_KEY": "k" * 40}
    yield loader.load(config.read_sources(environ), API_VERSION, candidates)
    for name in [name for name in sys.modules if name.partition(".")[0] == "journiv_webhooks"]:
        del sys.modules[name]


@pytest.fixture
def host(plugins: Plugins) -> Host:
    return Host(plugins.settings, SystemClock())


def hook_names() -> set[str]:
    return {
        name for module in hookspecs.specs() for name in vars(module) if name.startswith("journiv_")
    }


def test_there_are_fourteen_hooks_and_each_has_its_test():
    names = hook_names()
    assert len(names) == 14
    assert {f"test_hook_{name}" for name in names} == {
        name for name in globals() if name.startswith("test_hook_")
    }


def test_every_hook_is_implemented_by_a_plugin_of_this_repository(plugins):
    implemented = {hook for row in plugins.rows() for hook in row.hooks}
    assert implemented == hook_names()


def test_every_specification_follows_the_template():
    parts = ("Called by:", "Returns:", "Several plugins:", "Errors:", "Since:", "Stability:",
             "Used by:")  # fmt: skip
    for module in hookspecs.specs():
        for name in hook_names() & set(vars(module)):
            text = getattr(module, name).__doc__
            assert [part for part in parts if part not in text] == [], name


def test_hook_journiv_config_schema(plugins):
    assert plugins.settings.plugin("auth_local")["argon2_profile"] == "standard"
    assert plugins.settings.plugin("store_sqlite")["readers"] >= 1


def test_hook_journiv_register_stores(plugins, host):
    selection = plugins.select()
    assert selection.store.plugin == "store_sqlite"
    assert isinstance(loader.construct(selection, host).store, Store)


def test_hook_journiv_register_authenticators(plugins, host):
    providers = loader.construct(plugins.select(), host)
    assert [one.option().kind for one in providers.authenticators] == ["password"]
    assert providers.passwords is providers.authenticators[0]


def test_hook_journiv_register_token_handlers(plugins, host):
    providers = loader.construct(plugins.select(), host)
    assert {one.name for one in providers.token_handlers} == {"jwt", "opaque", "personal"}
    assert providers.issuer.name == "jwt"


def test_hook_journiv_register_rate_limiters(plugins):
    assert plugins.select().rate_limiter.plugin == "builtin"


def test_hook_journiv_register_media_stores(plugins):
    assert plugins.select().media.backend.schemes == ("file",)


def test_hook_journiv_register_media_processors(plugins, host):
    processors = loader.media_processors(plugins.calls, host)
    assert [one.name for one in processors] == ["pictures", "recordings"]


def test_hook_journiv_register_importers(plugins):
    assert set(loader.importers(plugins.calls)) == {"archive", "ndjson"}


def test_hook_journiv_register_exporters(plugins):
    known = {"archive", "html", "journiv-backup", "markdown", "ndjson"}
    assert set(loader.exporters(plugins.calls)) == known


def test_hook_journiv_register_routes(plugins, host):
    routes = loader.contributions(plugins.calls, host).routes
    assert set(routes) == {"webhooks"}
    assert all(route.path.startswith("/") for owned in routes.values() for route in owned)


def test_hook_journiv_register_jobs(plugins, host):
    jobs = loader.contributions(plugins.calls, host).jobs
    assert {name.partition(".")[0] for name in jobs} == {"builtin", "webhooks"}


def test_hook_journiv_register_listeners(plugins, host):
    listeners = loader.contributions(plugins.calls, host).listeners
    assert {plugin for plugin, _ in listeners} == {"webhooks"}


def test_hook_journiv_register_lifespans(plugins, host):
    lifespans = loader.contributions(plugins.calls, host).lifespans
    assert {plugin for plugin, _ in lifespans} == {"webhooks"}


def test_hook_journiv_register_commands(plugins, host):
    assert set(loader.commands(plugins.calls, host, [])) == {"sqlite-backup", "webhooks"}
