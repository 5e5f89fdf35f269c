from __future__ import annotations

import pytest

from journiv import loader
from journiv.domain.clock import SystemClock
from journiv.domain.errors import ConfigError
from journiv.loader import Host
from journiv.loader.report import table
from tests.loader.fakes import auth, complete, limiter, offering, returning, store, tokens, working


def test_the_settings_choose_by_scheme_and_name(plant, load):
    other = offering(
        stores=[store("postgresql", "postgres", "postgresql")],
        rate_limiters=[limiter("redis")],
        authenticators=[auth("oidc")],
        token_handlers=[tokens("opaque", "jo_")],
    )
    chosen = load(
        plant("builtin", complete()),
        plant("other", other),
        DATABASE_URL="postgres://h/d",
        REDIS_URL="redis://h",
        JOURNIV_AUTH="oidc,local",
        JOURNIV_SESSION_TOKENS="opaque",
    ).select()
    assert chosen.store.plugin == "other"
    assert chosen.rate_limiter.backend.name == "redis"
    assert [offer.backend.name for offer in chosen.authenticators] == ["oidc", "local"]
    assert [offer.backend.name for offer in chosen.token_handlers] == ["jwt", "opaque"]
    assert chosen.issuer == "opaque"


def test_redis_is_used_for_limits_only_where_a_plugin_can(plant, load, caplog):
    plugins = load(plant("builtin", complete()), REDIS_URL="redis://h")
    assert plugins.select().rate_limiter.backend.name == "memory"
    assert "No active plugin counts calls at REDIS_URL" in caplog.text
    asked = load(plant("builtin", complete()), RATE_LIMIT_STORAGE_URI="redis://h")
    with pytest.raises(ConfigError) as refused:
        asked.select()
    assert refused.value.detail == (
        "RATE_LIMIT_STORAGE_URI starts with 'redis:', but no active plugin counts there. "
        "Active: memory (builtin)."
    )


def test_a_pin_settles_a_clash(plant, load):
    lite = plant("store_lite", offering(stores=[store("lite", "sqlite")]))
    plugins = load(plant("builtin", complete()), lite, JOURNIV_STORE="store_lite")
    assert plugins.select().store.plugin == "store_lite"


def test_sessions_fall_back_to_opaque_tokens_without_jwt(plant, load):
    hooks = complete() | offering(token_handlers=[tokens("opaque", "jo_")])
    assert load(plant("builtin", hooks), JOURNIV_AUTH="none").select().issuer == "opaque"


def test_an_allow_list_leaves_builtin_and_what_it_names(plant, load):
    candidates = [plant("builtin", complete()), plant("a"), plant("b")]
    rows = load(*candidates, JOURNIV_PLUGINS="b").rows()
    assert [(row.name, row.state) for row in rows] == [
        ("builtin", "active"), ("a", "disabled"), ("b", "active"),
    ]  # fmt: skip
    assert rows[1].reason == "not listed in JOURNIV_PLUGINS"


def test_a_disabled_plugin_is_not_imported_and_its_section_is_left_alone(load, plant, tmp_path):
    from journiv.loader.discovery import Candidate

    (tmp_path / "journiv.toml").write_text("[broken]\nanything = 1\n")
    broken = Candidate(name="broken", module="nowhere_at_all", dist="acme", version="1")
    plugins = load(
        plant("builtin"), broken, JOURNIV_DATA=str(tmp_path), JOURNIV_PLUGINS_DISABLED="broken"
    )
    assert plugins.settings.warnings == (
        "[broken] (journiv.toml line 1) is not used: broken is switched off by "
        "JOURNIV_PLUGINS_DISABLED.",
    )


def test_rows_say_what_each_plugin_does_here(plant, load):
    plugins = load(plant("builtin", complete()), plant("idle", dist="acme", version="3"))
    builtin, idle = plugins.rows(plugins.select())
    assert builtin.in_use == (
        "store sqlite", "rate limiter memory", "media file", "sign-in local", "tokens jwt",
    )  # fmt: skip
    assert builtin.provides == builtin.in_use
    assert builtin.api == "0.1"
    assert "journiv_register_stores" in builtin.hooks
    assert (idle.dist, idle.version, idle.in_use) == ("acme", "3", ())


def test_what_is_provided_and_not_in_use_is_shown_without_a_star(plant, load):
    other = plant("store_postgres", offering(stores=[store("postgresql")]))
    plugins = load(plant("builtin", complete()), other)
    lines = table(plugins.rows(plugins.select())).splitlines()
    assert lines[0].endswith("PROVIDES (* in use)")
    assert "store sqlite*, rate limiter memory*" in lines[1]
    assert lines[2].endswith("store postgresql")


def test_a_tolerant_load_shows_what_is_broken_beside_what_works(plant, load):
    rows = load(plant("builtin", complete()), plant("old", api="9.9"), tolerant=True).rows()
    assert [(row.name, row.state) for row in rows] == [("builtin", "active"), ("old", "failed")]
    assert rows[1].reason is not None
    assert "was written for plugin API 9.9" in rows[1].reason


def test_create_gets_the_section_and_the_context_of_its_plugin(plant, load):
    seen = []

    def create(settings, ctx):
        seen.append((settings, ctx.name, ctx.core.database_url, ctx.secret("a/1")))
        return working()["journiv_register_stores"]()[0].create(settings, ctx)

    schema = {"size": {"type": "integer", "default": 3}}
    hooks = working() | offering(stores=[store("sqlite", create=create)])
    hooks |= {"journiv_config_schema": returning(schema)}
    plugins = load(plant("builtin", hooks), SECRET_KEY="k" * 40)
    loader.construct(plugins.select(), Host(plugins.settings, SystemClock()))
    ((settings, name, url, secret),) = seen
    assert (settings, name, url) == ({"size": 3}, "builtin", "sqlite:////nowhere/journiv.db")
    assert len(secret) == 32


def test_hooks_are_traced_on_request(plant, load, capsys):
    load(plant("builtin", complete()), JOURNIV_TRACE_HOOKS="1").select()
    assert "hook builtin.journiv_register_stores -> [StoreBackend(" in capsys.readouterr().err
