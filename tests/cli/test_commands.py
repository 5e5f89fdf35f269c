from __future__ import annotations

import json

import pytest

from journiv.cli import COMMANDS

NOT_CONFIGURED = 78


def test_help_names_every_command_with_those_of_plugins(journiv):
    shown = journiv("--help")
    assert shown.returncode == 0
    for name in (*COMMANDS, "sqlite-backup"):
        assert f"\n  {name} " in shown.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(journiv, name):
    shown = journiv(name, "--help")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(f"usage: journiv {name}")


def test_help_works_when_the_configuration_does_not(journiv):
    shown = journiv("--help", JOURNIV_PLUGINS_DISABLED="nobody")
    assert shown.returncode == 0
    assert "(not listed: JOURNIV_PLUGINS_DISABLED names 'nobody'" in shown.stdout


def test_an_unknown_command_lists_the_known_ones(journiv):
    refused = journiv("srve")
    assert refused.returncode == 2
    assert refused.stderr.startswith("journiv has no command 'srve'. There are: serve, ")


def test_plugins_are_listed_with_what_they_do(journiv):
    shown = journiv("plugins", "--json")
    assert shown.returncode == 0, shown.stderr
    rows = {row["name"]: row for row in json.loads(shown.stdout)}
    assert rows["store_sqlite"]["in_use"] == ["store sqlite"]
    assert rows["auth_local"]["state"] == "active"
    assert "store_sqlite" in journiv("plugins").stdout


def test_disabling_what_is_in_use_lists_the_plugins_and_says_what_is_missing(journiv):
    shown = journiv("plugins", JOURNIV_PLUGINS_DISABLED="auth_local")
    assert shown.returncode == NOT_CONFIGURED
    assert "switched off by JOURNIV_PLUGINS_DISABLED" in shown.stdout
    assert shown.stderr == (
        "journiv: JOURNIV_AUTH asks for 'local', but no active plugin signs in with it. "
        "Active: oidc (auth_oidc). 'local' is offered by auth_local, which is switched off by "
        "JOURNIV_PLUGINS_DISABLED.\n"
    )


def test_config_show_hides_secrets_and_names_sources(journiv):
    shown = journiv("config", "show", APP_NAME="Our diary")
    assert shown.returncode == 0
    assert "app_name = Our diary  # APP_NAME in the environment" in shown.stdout
    assert "secret_key = ********  # SECRET_KEY in the environment" in shown.stdout
    assert "[auth_local]" in shown.stdout
    assert "a-key-for-tests" not in shown.stdout


def test_config_check_passes_or_says_the_one_thing_that_is_wrong(journiv, tmp_path):
    assert journiv("config", "check").stdout == "The configuration is right.\n"
    refused = journiv("config", "check", ENVIRONMENT="production", SECRET_KEY="")
    assert refused.returncode == NOT_CONFIGURED
    assert refused.stderr.count("\n") == 1
    assert "openssl rand -base64 32" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_migrate_says_what_it_would_do_does_it_and_has_nothing_to_do_then(journiv):
    planned = journiv("migrate", "--check")
    assert (planned.returncode, planned.stdout[:34]) == (1, "The database would go from nothing"), (
        planned.stderr
    )
    assert journiv("migrate").stdout.startswith("The database went from nothing to ")
    again = journiv("migrate", "--check")
    assert (again.returncode, again.stdout[-15:]) == (0, "nothing to do.\n")


def test_a_traceback_is_shown_on_request_only(journiv):
    assert "Traceback" not in journiv("plugins", APP_PORT="x").stderr
    assert "Traceback" in journiv("plugins", APP_PORT="x", DEBUG="true").stderr


@pytest.mark.parametrize(
    "arguments", ["audit verify", "user list", "keys rotate", "keys reseal", "verify"]
)
def test_a_command_makes_no_empty_journal_at_a_mistyped_place(journiv, tmp_path, arguments):
    refused = journiv(*arguments.split(), JOURNIV_DATA=str(tmp_path / "mistyped"))
    assert refused.returncode == 78
    assert "There is no journal in" in refused.stderr
    assert not list((tmp_path / "mistyped").glob("*.db"))
