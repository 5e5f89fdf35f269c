from __future__ import annotations

import pytest

from journiv import hookspecs, loader
from journiv.domain.clock import SystemClock
from journiv.loader import Host
from tests.loader.fakes import working


def test_start_up_asks_in_one_order(plant, load):
    """Schemas first, then the backends, then what needs a context; plugins in their order."""
    asked = []

    def recording(plugin: str, hook: str, answer):
        def plain():
            asked.append(f"{plugin}.{hook.removeprefix('journiv_').removeprefix('register_')}")
            return answer()

        return plain

    def hooks(plugin: str, answers):
        return {name: recording(plugin, name, answer) for name, answer in answers.items()}

    nothing = {
        name: lambda: None
        for module in hookspecs.specs()
        for name in vars(module)
        if name.startswith("journiv_")
    }
    plugins = load(
        plant("builtin", hooks("b", nothing | working())), plant("other", hooks("o", nothing))
    )
    asked.append("-- select")
    selection = plugins.select()
    host = Host(plugins.settings, SystemClock())
    loader.construct(selection, host)
    asked.append("-- contributions")
    loader.contributions(plugins.calls, host)
    loader.importers(plugins.calls)
    assert asked == [
        "b.config_schema", "o.config_schema",
        "-- select",
        "b.stores", "o.stores",
        "b.rate_limiters", "o.rate_limiters",
        "b.media_stores", "o.media_stores",
        "b.token_handlers", "o.token_handlers",
        "b.authenticators", "o.authenticators",
        "-- contributions",
        "b.routes", "o.routes",
        "b.jobs", "o.jobs",
        "b.listeners", "o.listeners",
        "b.lifespans", "o.lifespans",
        "b.importers", "o.importers",
    ]  # fmt: skip


def test_the_store_is_out_of_reach_until_it_is_open(plant, load):
    host = Host(load(plant("builtin", working())).settings, SystemClock())
    with pytest.raises(RuntimeError, match=r"builtin used .* before start-up"):
        _ = host.context("builtin").store
