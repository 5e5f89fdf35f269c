"""What a plugin's hooks share."""

from __future__ import annotations

import pytest

from journiv.contracts.context import PluginContext
from journiv.domain.clock import SystemClock
from journiv.loader import Host


class Pool:
    def __init__(self, ctx: PluginContext) -> None:
        self.owner = ctx.name


@pytest.fixture
def host(load) -> Host:
    return Host(load().settings, SystemClock())


def test_the_hooks_of_a_plugin_share_what_the_first_of_them_made(host):
    made = host.context("acme").shared(Pool)
    assert host.context("acme").shared(Pool) is made
    assert made.owner == "acme"


def test_plugins_share_nothing_with_each_other(host):
    assert host.context("other").shared(Pool) is not host.context("acme").shared(Pool)


def test_the_store_cannot_be_used_before_it_is_open(host):
    with pytest.raises(RuntimeError, match=r"acme used ctx\.store before start-up"):
        _ = host.context("acme").store
