"""Backends that cannot be chosen or created: each a sentence, compared to the letter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from journiv import loader
from journiv.contracts.auth import PasswordAuthenticator
from journiv.contracts.storage import Store
from journiv.domain.errors import ConfigError
from tests.loader.fakes import (
    auth,
    complete,
    host_of,
    making,
    media,
    offering,
    said,
    store,
    tokens,
    working,
)


def test_no_store_for_the_scheme(plant, load):
    other = plant("store_postgres", offering(stores=[store("postgresql")]))
    plugins = load(plant("builtin", complete()), other, DATABASE_URL="mysql://h/d")
    with pytest.raises(ConfigError) as refused:
        plugins.select()
    assert said(refused) == (
        "DATABASE_URL starts with 'mysql:', but no active plugin stores to it. "
        "Active: sqlite (builtin), postgresql (store_postgres)."
    )


def test_the_store_is_there_but_switched_off(plant, load):
    plugins = load(
        plant("builtin", complete()),
        plant("store_postgres"),
        DATABASE_URL="postgresql://h/d",
        JOURNIV_PLUGINS_DISABLED="store_postgres",
    )
    with pytest.raises(ConfigError) as refused:
        plugins.select()
    assert said(refused) == (
        "DATABASE_URL starts with 'postgresql:', but no active plugin stores to it. "
        "Active: sqlite (builtin). 'postgresql' is offered by store_postgres, "
        "which is switched off by JOURNIV_PLUGINS_DISABLED."
    )


def test_a_way_to_sign_in_that_nobody_offers(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin", complete()), JOURNIV_AUTH="local,ldap").select()
    assert said(refused) == (
        "JOURNIV_AUTH asks for 'ldap', but no active plugin signs in with it. "
        "Active: local (builtin)."
    )


def test_tokens_that_nobody_issues(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin", complete()), JOURNIV_SESSION_TOKENS="paseto").select()
    assert said(refused) == (
        "JOURNIV_SESSION_TOKENS asks for 'paseto', but no active plugin issues such. "
        "Active: jwt (builtin)."
    )


def test_tokens_of_a_kind_that_no_session_gets(plant, load):
    personal = replace(tokens("personal", "jpat_"), issues=False)
    hooks = complete() | offering(token_handlers=[tokens("jwt", "eyJ"), personal])
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin", hooks), JOURNIV_SESSION_TOKENS="personal").select()
    assert said(refused) == (
        "JOURNIV_SESSION_TOKENS asks for 'personal', but no active plugin issues such. "
        "Active: jwt (builtin)."
    )


def test_two_plugins_with_one_scheme(plant, load):
    lite = plant("store_lite", offering(stores=[store("lite", "sqlite")]))
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin", complete()), lite).select()
    assert said(refused) == (
        "Both builtin and store_lite offer the scheme 'sqlite'. "
        "Set JOURNIV_STORE=builtin or =store_lite, or disable one."
    )


def test_a_pin_that_does_not_help(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin", complete()), JOURNIV_STORE="store_lite").select()
    assert said(refused) == (
        "JOURNIV_STORE names store_lite, which offers no store for this address. "
        "Offering one: builtin."
    )


def test_one_plugin_with_one_scheme_twice(plant, load):
    hooks = complete() | offering(media_stores=[media("file"), media("file")])
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin", hooks)).select()
    assert said(refused) == "builtin offers the scheme 'file' twice."


def test_two_plugins_with_one_way_to_sign_in(plant, load):
    other = plant("auth_other", offering(authenticators=[auth("local")]))
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin", complete()), other).select()
    assert said(refused) == ("Both builtin and auth_other offer the sign-in 'local'. Disable one.")


def test_two_plugins_with_one_token_prefix(plant, load):
    other = plant("auth_other", offering(token_handlers=[tokens("paseto", "eyJ")]))
    with pytest.raises(ConfigError) as refused:
        load(plant("builtin", complete()), other).select()
    assert said(refused) == (
        "Both builtin and auth_other offer the token prefix 'eyJ'. Disable one."
    )


def test_a_class_that_leaves_methods_out(plant, load):
    class HalfStore(Store):
        async def open(self) -> None:
            """Open nothing."""

    hooks = working() | offering(stores=[store("sqlite", create=lambda settings, ctx: HalfStore())])
    plugins = load(plant("builtin", hooks))
    with pytest.raises(ConfigError) as refused:
        loader.construct(plugins.select(), host_of(plugins))
    assert said(refused) == (
        "builtin: HalfStore lacks close(), migrate(), read(), revision(), schema_status(), write()."
    )


def test_a_create_that_fails_or_makes_something_else(plant, load):
    for create, sentence in (
        (lambda settings, ctx: 1 / 0, "failed: ZeroDivisionError: division by zero. Correct it,"),
        (lambda settings, ctx: "x", "must return an object of Store, but returned str."),
    ):
        hooks = working() | offering(stores=[store("sqlite", create=create)])
        plugins = load(plant("builtin", hooks))
        with pytest.raises(ConfigError) as refused:
            loader.construct(plugins.select(), host_of(plugins))
        assert f"builtin: create of 'sqlite' {sentence}" in said(refused)


def test_two_ways_to_sign_in_with_a_password(plant, load):
    hooks = working() | offering(
        authenticators=[making(auth(name), PasswordAuthenticator) for name in ("local", "ldap")]
    )
    plugins = load(plant("builtin", hooks), JOURNIV_AUTH="local,ldap")
    with pytest.raises(ConfigError) as refused:
        loader.construct(plugins.select(), host_of(plugins))
    assert said(refused) == (
        "Both local and ldap take passwords, and only one may. Remove one from JOURNIV_AUTH."
    )
