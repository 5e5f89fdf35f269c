from __future__ import annotations

import os
from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime, timedelta

import pytest

from journiv import config
from journiv.cli.config import lines
from journiv.config import Settings, secrets
from journiv.config.schema import CORE
from journiv.domain.errors import ConfigError

POSTGRES_PARTS = {f"postgres_{part}" for part in ("host", "port", "user", "password", "db")}
NOT_SETTINGS = {"db_driver", "media_root", *POSTGRES_PARTS}


def core(**environ: str) -> Settings:
    return config.core(config.read_sources({"JOURNIV_DATA": "/nowhere", **environ}))


def test_every_key_of_the_schema_is_a_setting_and_every_setting_has_a_key():
    names = {field.name for field in fields(Settings)} - {"sections", "values", "warnings"}
    assert names == set(CORE) - NOT_SETTINGS


def test_settings_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        core().port = 1  # type: ignore[misc]  # that it is refused is the test


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, "sqlite:////nowhere/journiv.db"),
        ({"DB_DRIVER": "sqlite"}, "sqlite:////nowhere/journiv.db"),
        ({"DATABASE_URL": "sqlite:////srv/a%20b.db"}, "sqlite:////srv/a%20b.db"),
        ({"DATABASE_URL": "sqlite+aiosqlite:////srv/a.db"}, "sqlite:////srv/a.db"),
        ({"DATABASE_URL": "sqlite:///other.db"}, "sqlite:////nowhere/other.db"),
        ({"JOURNIV_DATA": "/my data"}, "sqlite:////my%20data/journiv.db"),
        ({"DATABASE_URL": "postgres+asyncpg://u@h/d"}, "postgres://u@h/d"),
        ({"POSTGRES_HOST": "db"}, "postgresql://journiv@db:5432/journiv"),
        (
            {
                "DB_DRIVER": "postgres",
                "POSTGRES_HOST": "::1",
                "POSTGRES_PORT": "5433",
                "POSTGRES_USER": "sam",
                "POSTGRES_PASSWORD": "p@:/%w",
                "POSTGRES_DB": "a b",
            },
            "postgresql://sam:p%40%3A%2F%25w@[::1]:5433/a%20b",
        ),
        (
            {"POSTGRES_HOST": "/run/postgresql", "POSTGRES_USER": "sam"},
            "postgresql://sam@/sam?host=/run/postgresql",
        ),
        ({"POSTGRES_PASSWORD": "of another container"}, "sqlite:////nowhere/journiv.db"),
        ({"DB_DRIVER": "sqlite", "POSTGRES_HOST": "db"}, "sqlite:////nowhere/journiv.db"),
    ],
)
def test_database_urls_come_in_one_form(environ, url):
    assert core(**environ).database_url == url


def test_a_database_without_a_place_is_refused():
    with pytest.raises(ConfigError, match="neither DATABASE_URL nor POSTGRES_HOST"):
        core(DB_DRIVER="postgres", POSTGRES_PASSWORD="a password")


@pytest.mark.parametrize(
    ("environ", "auth"),
    [
        ({}, ("local",)),
        ({"OIDC_ENABLED": "true"}, ("local", "oidc")),
        ({"OIDC_ONLY": "true"}, ("oidc",)),
        ({"JOURNIV_AUTH": "oidc, local"}, ("oidc", "local")),
        ({"JOURNIV_AUTH": "none"}, ()),
    ],
)
def test_ways_to_sign_in_follow_from_the_settings(environ, auth):
    assert core(**environ).auth == auth


def test_limits_are_off_in_tests_unless_asked_for():
    assert core(ENVIRONMENT="test").rate_limit_enabled is False
    assert core(ENVIRONMENT="test", RATE_LIMIT_ENABLED="true").rate_limit_enabled is True
    assert core().rate_limit_enabled is True


def test_limits_and_media_take_their_place_from_other_settings():
    assert core().rate_limit_storage_uri == "memory://"
    assert core(REDIS_URL="redis://r/0").rate_limit_storage_uri == "redis://r/0"
    assert core().media_url == "file:///nowhere/media"
    assert core(MEDIA_ROOT="/srv/media").media_url == "file:///srv/media"


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, "http://localhost:8000"),
        ({"DOMAIN_NAME": "j.example", "DOMAIN_SCHEME": "https"}, "https://j.example"),
        ({"APP_HOST": "::1", "APP_PORT": "81"}, "http://[::1]:81"),
    ],
)
def test_the_public_address(environ, url):
    assert core(**environ).public_url == url


def test_the_test_clock_is_shifted_or_starts_at_an_instant_or_stands_still():
    now = datetime.now(UTC)
    shifted = config.clock(core(ENVIRONMENT="test", JOURNIV_TEST_CLOCK="+3600")).now()
    assert timedelta(seconds=3599) < shifted - now < timedelta(seconds=3700)
    set_to = config.clock(core(ENVIRONMENT="test", JOURNIV_TEST_CLOCK="2026-03-29T00:30:00Z"))
    assert set_to.now().isoformat().startswith("2026-03-29T00:3")
    still = config.clock(core(ENVIRONMENT="test", JOURNIV_TEST_CLOCK="=2026-03-29T00:30:00Z"))
    assert still.now().isoformat().startswith("2026-03-29T00:30:00")
    assert still.now() == still.now()


def test_no_secret_is_in_the_representation_or_in_config_show():
    settings = core(
        SECRET_KEY="k-topsecret", SECRET_KEY_PREVIOUS="old-topsecret", SETUP_TOKEN="t-topsecret",
        REDIS_URL="redis://:p-topsecret@h/0", DATABASE_URL="postgres://u:topsecret@h/d",
    )  # fmt: skip
    shown = repr(settings) + repr(settings.values) + "\n".join(lines(settings))
    assert "topsecret" not in shown
    assert "secret_key = ********  # SECRET_KEY in the environment" in lines(settings)


def test_secrets_leave_the_environment(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "k-topsecret")
    monkeypatch.setenv("JOURNIV_SETUP_TOKEN", "t-topsecret")
    monkeypatch.setenv("JOURNIV_SECRET_KEY", "hidden-by-the-other-topsecret")
    settings = config.core(config.read_sources(os.environ))
    secrets.wipe(os.environ, settings.secret_names())
    assert "topsecret" not in repr(dict(os.environ))
    assert settings.secret_key == "k-topsecret"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "1e300"),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "1e9"),
        ("SESSION_ABSOLUTE_DAYS", "99999999"),
        ("RATE_LIMIT_SIGNED_IN_FACTOR", "1e308"),
        ("RATE_LIMIT_PER_MINUTE", "1" + "0" * 400),
    ],
)
def test_numbers_that_no_clock_or_counter_can_hold_are_refused_at_start(name, text):
    with pytest.raises(ConfigError, match=f"{name}.* must be at most"):
        core(**{name: text})


def test_a_number_of_the_file_that_is_none_is_refused():
    given = config.Sources({"JOURNIV_DATA": "data"}, None, {"session_absolute_days": float("nan")})
    with pytest.raises(ConfigError, match="must be a finite number"):
        config.core(given)


SHARED = {"DATABASE_URL": "postgresql://sam@db/journiv", "SECRET_KEY": "x" * 40}


def test_servers_of_one_database_without_a_name_have_an_address_each():
    one, other = (core(**SHARED, APP_PORT=port) for port in ("8001", "8002"))
    assert one.public_url != other.public_url
    assert one.is_nameless
    [warning] = one.warnings
    assert warning.startswith("DOMAIN_NAME is not set, so the public address is http://localhost:8")


@pytest.mark.parametrize(
    "environ",
    [
        {"DOMAIN_NAME": "diary.example.org"},
        {"DATABASE_URL": "sqlite:///journiv.db"},
        {"DATABASE_URL": ""},
    ],
)
def test_a_name_or_a_database_of_its_own_needs_no_warning(environ: dict[str, str]):
    assert core(**SHARED | environ).warnings == ()
    assert not core(**SHARED | environ).is_nameless


def test_outside_production_nobody_is_warned_of_a_missing_name():
    assert core(**SHARED, ENVIRONMENT="development").warnings == ()
