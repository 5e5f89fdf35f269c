"""What is wrong with a plugin itself: each a sentence, compared to the letter."""

from __future__ import annotations

import pytest

from journiv import config, hookimpl, loader
from journiv.domain.errors import ConfigError
from journiv.loader.discovery import Candidate
from tests.loader.fakes import (
    returning,
    said,
    store,
)


def test_a_name_in_a_list_that_is_not_installed(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin"), plant("auth_local"), JOURNIV_PLUGINS_DISABLED="auth_lokal")
    assert said(refused) == (
        "JOURNIV_PLUGINS_DISABLED names 'auth_lokal', which is not installed. "
        "Did you mean 'auth_local'? Installed: builtin, auth_local."
    )


def test_builtin_cannot_be_disabled(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin"), JOURNIV_PLUGINS_DISABLED="builtin")
    assert said(refused) == (
        "'builtin' cannot be disabled; remove it from JOURNIV_PLUGINS_DISABLED."
    )


def test_a_plugin_that_cannot_be_imported(load):
    broken = Candidate(name="limits", module="nowhere_at_all", dist="acme", version="0.3")
    with pytest.raises(ConfigError) as refused:
        load(broken)
    assert said(refused) == (
        "Plugin limits (acme 0.3) could not be imported: ModuleNotFoundError: No module named "
        "'nowhere_at_all'. Install what it needs, or add limits to JOURNIV_PLUGINS_DISABLED."
    )


def test_no_api_version(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("webhooks", api=None))
    assert said(refused) == (
        "Plugin webhooks (dist-webhooks 1.0) does not state JOURNIV_API, such as "
        'JOURNIV_API = "0.1". Correct it, or add webhooks to JOURNIV_PLUGINS_DISABLED.'
    )


@pytest.mark.parametrize("version", ["1", "1.x", "", "0.1 ", 1])
def test_an_api_version_that_is_none(plant, load, version):
    with pytest.raises(ConfigError, match="does not state JOURNIV_API"):
        load(plant("webhooks", api=version))


def test_an_api_version_from_the_future(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("webhooks", api="0.2", version="2.0"))
    assert said(refused) == (
        "webhooks 2.0 was written for plugin API 0.2; this journiv offers 0.1. Upgrade journiv, "
        "or install an older webhooks, or add webhooks to JOURNIV_PLUGINS_DISABLED."
    )


def test_an_api_version_of_another_major(plant):
    candidate = plant("webhooks", api="1.3", version="2.0")
    with pytest.raises(ConfigError) as refused:
        loader.load(config.read_sources({"JOURNIV_DATA": "/nowhere"}), (2, 0), [candidate])
    assert said(refused) == (
        "webhooks 2.0 was written for plugin API 1.3; this journiv offers 2.0. Install a newer "
        "webhooks, or add webhooks to JOURNIV_PLUGINS_DISABLED."
    )


def test_an_unknown_hook(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("webhooks", {"journiv_register_route": returning(())}))
    assert said(refused) == (
        "webhooks implements 'journiv_register_route', which does not exist. "
        "Did you mean 'journiv_register_routes'?"
    )


def test_a_hook_without_its_decorator(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("webhooks", {"journiv_register_routes": returning(())}, raw=True))
    assert said(refused) == (
        "webhooks has a function journiv_register_routes without @hookimpl; add the decorator."
    )


def test_an_unknown_argument(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("webhooks", {"journiv_register_routes": lambda app: ()}))
    assert said(refused) == (
        "webhooks: journiv_register_routes asks for 'app', but the hook passes ctx."
    )


async def _coroutine() -> None:
    """Be a hook nobody awaits."""


def _generator():
    yield store("sqlite")


@pytest.mark.parametrize("hook", [_coroutine, _generator])
def test_a_hook_that_is_no_plain_function(plant, load, hook):
    with pytest.raises(ConfigError) as refused:
        load(plant("webhooks", {"journiv_register_stores": hook}))
    assert said(refused) == (
        "webhooks: journiv_register_stores must be a plain function; return an object with async "
        "methods instead."
    )


@pytest.mark.parametrize("option", ["tryfirst", "trylast", "wrapper", "hookwrapper"])
def test_a_hook_that_wraps_or_pushes_in(plant, load, option):
    marked = hookimpl(**{option: True})(_generator)
    try:
        with pytest.raises(ConfigError) as refused:
            load(plant("webhooks", {"journiv_register_stores": marked}, raw=True))
    finally:
        del marked.journiv_impl
    assert said(refused) == (
        f"webhooks: journiv_register_stores is marked {option}, which Journiv's hooks do not "
        "take; use a bare @hookimpl."
    )


def test_a_hook_that_raises(plant, load):
    plugins = load(plant("webhooks", {"journiv_register_stores": lambda: 1 / 0}))
    with pytest.raises(ConfigError) as refused:
        plugins.select()
    assert said(refused) == (
        "webhooks: journiv_register_stores failed: ZeroDivisionError: division by zero. "
        "Correct it, or add webhooks to JOURNIV_PLUGINS_DISABLED."
    )


@pytest.mark.parametrize(
    ("value", "got"), [("sqlite", "str"), (3, "int"), ([object()], "one holding object")]
)
def test_a_hook_that_returns_something_else(plant, load, value, got):
    plugins = load(plant("webhooks", {"journiv_register_stores": returning(value)}))
    with pytest.raises(ConfigError) as refused:
        plugins.select()
    assert said(refused) == (
        f"webhooks: journiv_register_stores must return a list of StoreBackend, but returned {got}."
    )


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (3, "its rules are not a mapping"),
        (
            {"tpye": "string"},
            "its rules are not Cerberus rules: {'value': [{'tpye': ['unknown rule']}]}",
        ),
        ({"type": "integer", "default": "3"}, "its default must be a whole number"),
    ],
)
def test_a_schema_with_a_flaw(plant, load, rules, reason):
    with pytest.raises(ConfigError) as refused:
        load(plant("webhooks", {"journiv_config_schema": returning({"size": rules})}))
    assert said(refused) == f"webhooks: journiv_config_schema is wrong at 'size': {reason}."


def test_a_schema_that_is_none(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("webhooks", {"journiv_config_schema": returning([])}))
    assert said(refused) == (
        "webhooks: journiv_config_schema must return a Cerberus schema (a mapping), "
        "but returned list."
    )
