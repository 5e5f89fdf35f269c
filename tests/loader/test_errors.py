"""Every way in which plugins can be wrong is one sentence, compared to the letter."""

from __future__ import annotations

from unittest.mock import create_autospec

import pytest

from journiv import config, hookimpl, loader
from journiv.contracts.auth import PasswordAuthenticator
from journiv.contracts.commands import Command
from journiv.contracts.jobs import Job
from journiv.contracts.routes import Access, RouteDef
from journiv.contracts.storage import Store
from journiv.contracts.transfer import Importer
from journiv.domain.clock import SystemClock
from journiv.domain.errors import ConfigError, Unavailable
from journiv.loader import Host, Plugins, opening
from journiv.loader.discovery import Candidate
from tests.loader.fakes import (
    auth,
    complete,
    making,
    media,
    offering,
    returning,
    store,
    tokens,
    working,
)


def said(refused: pytest.ExceptionInfo[ConfigError]) -> str:
    return refused.value.detail


def host_of(plugins: Plugins) -> Host:
    return Host(plugins.settings, SystemClock())


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


def test_a_schema_that_is_none(plant, load):
    with pytest.raises(ConfigError) as refused:
        load(plant("webhooks", {"journiv_config_schema": returning([])}))
    assert said(refused) == (
        "webhooks: journiv_config_schema must return a Cerberus schema (a mapping), "
        "but returned list."
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


async def _handler(call: object) -> None:
    """Answer nothing."""


def route(method: str, path: str) -> RouteDef:
    return RouteDef(
        method=method, path=path, handler=_handler, access=Access.USER, summary="", answers={}
    )


def test_one_route_twice_in_one_plugin(plant, load):
    routes = [route("GET", "/a"), route("POST", "/a"), route("GET", "/a")]
    plugins = load(plant("webhooks", {"journiv_register_routes": returning(routes)}))
    with pytest.raises(ConfigError) as refused:
        loader.contributions(plugins.calls, host_of(plugins))
    assert said(refused) == "Both webhooks and webhooks answer GET /a. Disable one."


def test_one_route_of_two_owners_whatever_its_parts_are_called():
    with pytest.raises(ConfigError) as refused:
        loader.refuse_route_clashes(
            [("journiv", "GET", "/a/{id}"), ("oidc", "POST", "/a/{x}"), ("oidc", "GET", "/a/{x}")]
        )
    assert said(refused) == "Both journiv and oidc answer GET /a/{x}. Disable one."


async def _work() -> None:
    """Do nothing."""


def test_one_job_twice_in_one_plugin(plant, load):
    jobs = [Job(name="tidy", every=1, run=_work), Job(name="tidy", every=2, run=_work)]
    plugins = load(plant("webhooks", {"journiv_register_jobs": returning(jobs)}))
    with pytest.raises(ConfigError) as refused:
        loader.contributions(plugins.calls, host_of(plugins))
    assert said(refused) == "webhooks offers the job 'tidy' twice."


def test_a_lifespan_that_cannot_be_called(plant, load):
    plugins = load(plant("webhooks", {"journiv_register_lifespans": returning([3])}))
    with pytest.raises(ConfigError) as refused:
        loader.contributions(plugins.calls, host_of(plugins))
    assert said(refused) == (
        "webhooks: journiv_register_lifespans must return callables, but returned one holding int."
    )


@pytest.mark.parametrize(("name", "owner"), [("serve", "journiv"), ("hook-test", "archive")])
def test_a_command_that_is_taken(plant, load, name, owner):
    def commands(*names: str):
        made = [Command(name=one, help="", configure=print, run=lambda given: 0) for one in names]
        return {"journiv_register_commands": returning(made)}

    plugins = load(plant("archive", commands("hook-test")), plant("webhooks", commands(name)))
    with pytest.raises(ConfigError) as refused:
        loader.commands(plugins.calls, host_of(plugins), ["serve"])
    assert said(refused) == (f"Both {owner} and webhooks offer the command '{name}'. Disable one.")


def test_a_format_of_two_plugins(plant, load):
    def importers() -> dict[str, object]:
        importer = create_autospec(Importer, instance=True, format="ndjson")
        return {"journiv_register_importers": returning([importer])}

    plugins = load(plant("archive", importers()), plant("builtin", importers()))
    with pytest.raises(ConfigError) as refused:
        loader.importers(plugins.calls)
    assert said(refused) == (
        "Both archive and builtin offer the import format 'ndjson'. Disable one."
    )


async def test_a_store_that_stays_out_of_reach():
    async def unreachable() -> None:
        raise Unavailable("db:5432 refuses the connection")

    with pytest.raises(ConfigError) as refused:
        await loader.retried(unreachable, "store_postgres", 0)
    assert said(refused) == "store_postgres could not open: db:5432 refuses the connection"


async def test_a_store_that_comes_up_late_is_waited_for(monkeypatch):
    monkeypatch.setattr(opening, "PAUSE", 0.01)
    answers = iter([Unavailable("not yet"), Unavailable("not yet"), None])

    async def late() -> None:
        answer = next(answers)
        if answer is not None:
            raise answer

    await loader.retried(late, "store_postgres", 5)
    assert next(answers, "all asked") == "all asked"
