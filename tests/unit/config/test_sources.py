from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from journiv import config
from journiv.config import Settings, sources
from journiv.config.schema import CORE
from journiv.domain.errors import ConfigError

SECTION = {
    "issuer": {"type": "string", "meta": {"env": ["DEMO_ISSUER"]}},
    "code": {"type": "string", "regex": "^[a-z]+$"},
    "size": {"type": "integer", "default": 3, "min": 1},
    "key": {"type": "string", "meta": {"secret": True}},
    "ports": {"type": "list", "schema": {"type": "integer"}},
}


def core(environ: Mapping[str, str]) -> Settings:
    return config.core(config.read_sources({"JOURNIV_DATA": "/nowhere", **environ}))


def source(settings: Settings, key: str) -> str:
    return settings.values[""][key].source


def toml(folder: Path, text: str) -> dict[str, str]:
    (folder / "journiv.toml").write_text(text)
    return {"JOURNIV_DATA": str(folder)}


def with_section(environ: Mapping[str, str], schema: Mapping[str, object] = SECTION) -> Settings:
    given = config.read_sources(environ)
    return config.with_plugins(config.core(given), given, {"demo": schema}, {})


def test_file_beats_environment_beats_toml_beats_default(tmp_path):
    environ = toml(tmp_path, 'app_name = "From TOML"\n')
    assert core({}).app_name == "Journiv"
    assert core(environ).app_name == "From TOML"
    environ["APP_NAME"] = "From the environment"
    assert core(environ).app_name == "From the environment"
    (tmp_path / "name").write_text("From a file\n")
    environ["APP_NAME_FILE"] = str(tmp_path / "name")
    assert core(environ).app_name == "From a file"


def test_every_value_says_where_it_came_from(tmp_path):
    (tmp_path / "key").write_text("s3cret\n")
    environ = toml(tmp_path, '# a remark\n\nlog_level = "DEBUG"\n')
    settings = core({**environ, "APP_PORT": "81", "SECRET_KEY_FILE": str(tmp_path / "key")})
    assert source(settings, "log_level") == "journiv.toml line 3"
    assert source(settings, "port") == "environment"
    assert source(settings, "secret_key") == f"file {tmp_path / 'key'}"
    assert source(settings, "host") == "default"
    assert settings.secret_key == "s3cret"


def test_both_spellings_of_the_limit_switch_work_and_the_first_wins():
    assert core({"RATE_LIMITING_ENABLED": "false"}).rate_limit_enabled is False
    both = core({"RATE_LIMIT_ENABLED": "true", "RATE_LIMITING_ENABLED": "false"})
    assert both.rate_limit_enabled is True
    assert both.warnings == (
        "RATE_LIMIT_ENABLED and RATE_LIMITING_ENABLED differ; RATE_LIMIT_ENABLED is used.",
    )


def test_every_core_key_has_a_journiv_name():
    assert core({"JOURNIV_APP_NAME": "Mine"}).app_name == "Mine"
    assert all(sources.names(None, key, CORE[key])[-1] == f"JOURNIV_{key.upper()}" for key in CORE)


def test_quotes_and_blanks_around_values_do_not_count(tmp_path):
    assert core({"SECRET_KEY": ' "a+b/c=" '}).secret_key == "a+b/c="
    (tmp_path / "key").write_text("'a+b/c='\r\n")
    assert core({"SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == "a+b/c="
    assert core({"APP_NAME": ""}).app_name == "Journiv"


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"APP_PORT": "many"}, "APP_PORT (environment) is 'many', but must be a whole number."),
        ({"APP_PORT": "70000"}, "APP_PORT (environment) is 70000, but must be at most 65535."),
        ({"DEBUG": "maybe"}, "DEBUG (environment) is 'maybe', but must be true or false."),
        (
            {"LOG_LEVEL": "loud"},
            "LOG_LEVEL (environment) is 'loud', but must be one of "
            "DEBUG, INFO, WARNING, ERROR, CRITICAL.",
        ),
        (
            {"ACCESS_TOKEN_EXPIRE_MINUTES": "nan"},
            "ACCESS_TOKEN_EXPIRE_MINUTES (environment) is 'nan', but must be a finite number.",
        ),
        (
            {"TRUSTED_PROXIES": "10.0.0.0/8, proxy"},
            "TRUSTED_PROXIES (environment) is '10.0.0.0/8, proxy', but must hold networks such as "
            "10.0.0.0/8, and 'proxy' is none.",
        ),
        (
            {"JOURNIV_TEST_CLOCK": "+3600"},
            "JOURNIV_TEST_CLOCK works only with ENVIRONMENT=test.",
        ),
        (
            {"SECRET_KEY_FILE": "/nowhere/key"},
            "SECRET_KEY_FILE names /nowhere/key, which cannot be read: No such file or directory.",
        ),
        (
            {"DATABASE_URL": "sqlite://"},
            "DATABASE_URL must name a file: sqlite:////absolute/path or sqlite:///relative/path.",
        ),
        (
            {"DB_DRIVER": "postgres", "DATABASE_URL": "sqlite:////x.db"},
            "DB_DRIVER is postgres, but DATABASE_URL starts with 'sqlite:'. Unset one of them.",
        ),
        (
            {"JOURNIV_CONFIG": "/nowhere/journiv.toml"},
            "/nowhere/journiv.toml cannot be read: No such file or directory.",
        ),
    ],
)
def test_a_bad_value_is_one_sentence_with_its_name_and_source(environ, sentence):
    with pytest.raises(ConfigError) as refused:
        core(environ)
    assert refused.value.detail == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("port = true\n", "port (journiv.toml line 1) is True, but must be a whole number."),
        ("allowed_hosts = [1]\n", "is [1], but must be text in quotes."),
        ('debug = "yes"\n', "debug (journiv.toml line 1) is 'yes', but must be true or false."),
        ("port = \n", "is not valid TOML"),
        ("[demo]\nsize = 0\n", "[demo] size (journiv.toml line 2) is 0, but must be at least 1."),
        ('[demo]\ncode = "abc\\n"\n', "code (journiv.toml line 2) is 'abc\\n', but must match"),
        (
            'app_name = "x"\n\n[demo]\nisuer = "y"\n',
            "[demo] has no setting 'isuer' (journiv.toml line 4). Did you mean 'issuer'?",
        ),
        (
            "\napp_nam = 1\n",
            "There is no setting 'app_nam' (journiv.toml line 2). Did you mean 'app_name'?",
        ),
        (
            "[dmo]\nsize = 1\n",
            "[dmo] (journiv.toml line 1) is no installed plugin. Did you mean 'demo'?",
        ),
    ],
)
def test_a_slip_in_the_file_is_one_sentence_with_its_line(text, sentence, tmp_path):
    with pytest.raises(ConfigError) as refused:
        with_section(toml(tmp_path, text))
    assert sentence in refused.value.detail


def test_a_secret_that_does_not_fit_is_not_shown(tmp_path):
    with pytest.raises(ConfigError) as refused:
        with_section(toml(tmp_path, "[demo]\nkey = 12345\n"))
    assert "12345" not in refused.value.detail
    assert "a hidden value" in refused.value.detail


def test_plugins_read_their_own_names_and_those_they_declare():
    nowhere = {"JOURNIV_DATA": "/nowhere"}
    assert with_section({**nowhere, "JOURNIV_DEMO__SIZE": "7"}).plugin("demo")["size"] == 7
    assert with_section({**nowhere, "JOURNIV_DEMO__PORTS": "1, 2,"}).plugin("demo")["ports"] == [
        1, 2,
    ]  # fmt: skip
    assert with_section({**nowhere, "DEMO_ISSUER": "x"}).plugin("demo")["issuer"] == "x"
    assert with_section(nowhere).plugin("demo") == {
        "issuer": None, "code": None, "size": 3, "key": None, "ports": None,
    }  # fmt: skip


def test_an_unknown_journiv_variable_is_a_warning_with_a_suggestion():
    settings = with_section({"JOURNIV_DATA": "/nowhere", "JOURNIV_PLUGINS_DISABELD": "x"})
    assert settings.warnings == (
        "JOURNIV_PLUGINS_DISABELD is set, but is no setting. "
        "Did you mean 'JOURNIV_PLUGINS_DISABLED'?",
    )


def test_a_near_miss_of_another_name_is_a_warning_too():
    settings = with_section({"JOURNIV_DATA": "/nowhere", "RATE_LIMIT_PER_MINUT": "9", "HOME": "/"})
    assert settings.warnings == (
        "RATE_LIMIT_PER_MINUT is set, but is no setting. Did you mean 'RATE_LIMIT_PER_MINUTE'?",
    )


def test_variables_of_other_servers_are_ignored():
    assert with_section({"JOURNIV_DATA": "/nowhere", "CELERY_TIMEZONE": "UTC"}).warnings == ()


def test_two_keys_that_read_one_variable_stop_the_start():
    clash = {"name": {"type": "string", "meta": {"env": ["APP_NAME"]}}}
    with pytest.raises(ConfigError) as refused:
        with_section({"JOURNIV_DATA": "/nowhere"}, clash)
    assert refused.value.detail == (
        "Both core setting 'app_name' and [demo] name read the environment variable APP_NAME. "
        "Disable one of the plugins."
    )


@pytest.mark.parametrize("name", ["LOG_FILE", "LOG_DIR", "ALGORITHM"])
def test_a_name_of_older_servers_is_taken_with_one_warning(name):
    warnings = with_section({"JOURNIV_DATA": "/nowhere", name: "HS512"}).warnings
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{name} is set, but has no effect: ")
    assert "HS512" not in warnings[0]
