from __future__ import annotations

from journiv.testing.plugin import PluginConformance


class TestPlugin(PluginConformance):
    name = "webhooks"
