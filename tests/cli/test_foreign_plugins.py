"""Plugins from other distributions, installed as pip leaves them."""

from __future__ import annotations

from pathlib import Path

import pytest

NOT_CONFIGURED = 78

GREETER = """
from journiv import hookimpl
from journiv.contracts.commands import Command

JOURNIV_API = "0.1"

@hookimpl
def journiv_config_schema():
    return {"word": {"type": "string", "default": "Hello", "meta": {"env": ["GREETING"]}}}

@hookimpl
def journiv_register_commands(ctx):
    def configure(parser):
        parser.add_argument("name")

    def run(arguments):
        print(f"{ctx.settings['word']}, {arguments.name}: {len(ctx.secret('greeting/1'))} bytes")
        return 3

    return [Command(name="greet", help="say hello", configure=configure, run=run)]
"""

COUNTER = """
from journiv import hookimpl
from journiv.contracts.commands import Command
from journiv.domain.scope import SYSTEM

JOURNIV_API = "0.1"

@hookimpl
def journiv_register_commands(ctx):
    async def run(arguments):
        print(await ctx.store.read(SYSTEM, lambda tx: tx.users.count()), "accounts")
        return 0

    return [Command(name="count", help="count", configure=lambda parser: None, run=run)]
"""

SECOND_STORE = """
from journiv import hookimpl
from journiv.contracts.store_backend import StoreBackend

JOURNIV_API = "0.1"

@hookimpl
def journiv_register_stores():
    return [StoreBackend(name="lite", schemes=("sqlite",), summary="", create=lambda s, c: None)]
"""


@pytest.fixture
def install(tmp_path: Path):
    """Installs a plugin of one module and returns the setting that makes it visible."""
    site = tmp_path / "site"

    def make(name: str, source: str) -> dict[str, str]:
        info = site / f"acme_{name}-0.3.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: acme-{name}\nVersion: 0.3\n")
        (info / "entry_points.txt").write_text(f"[journiv.plugins]\n{name} = acme_{name}\n")
        (site / f"acme_{name}.py").write_text(source)
        return {"PYTHONPATH": str(site)}

    return make


def test_its_command_runs_with_its_settings_and_its_exit_code(journiv, install):
    visible = install("greeter", GREETER)
    assert "\n  greet         say hello\n" in journiv("--help", **visible).stdout
    ran = journiv("greet", "Sam", **visible, GREETING="Good day")
    assert (ran.returncode, ran.stdout) == (3, "Good day, Sam: 32 bytes\n")
    assert journiv("greet", "--help", **visible).stdout.startswith("usage: journiv greet")
    listed = [line.split() for line in journiv("plugins", **visible).stdout.splitlines()]
    assert ["greeter", "acme-greeter", "0.3", "0.1", "active", "commands"] in listed


def test_its_coroutine_command_has_the_store_open(journiv, install):
    ran = journiv("count", **install("counter", COUNTER))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "0 accounts\n", "")


def test_a_slip_in_its_section_is_named_with_its_line(journiv, install, tmp_path):
    visible = install("greeter", GREETER)
    (tmp_path / "journiv.toml").write_text('[greeter]\nwrod = "Hi"\n')
    refused = journiv("greet", "Sam", **visible)
    assert refused.returncode == NOT_CONFIGURED
    assert refused.stderr == (
        "journiv: [greeter] has no setting 'wrod' (journiv.toml line 2). Did you mean 'word'?\n"
    )


def test_one_that_cannot_be_imported_stops_the_server_until_it_is_disabled(journiv, install):
    visible = install("broken", "import a_driver_nobody_has\n")
    refused = journiv("serve", **visible)
    assert refused.returncode == NOT_CONFIGURED
    assert refused.stderr == (
        "journiv: Plugin broken (acme-broken 0.3) could not be imported: ModuleNotFoundError: "
        "No module named 'a_driver_nobody_has'. Install what it needs, or add broken to "
        "JOURNIV_PLUGINS_DISABLED.\n"
    )
    listed = journiv("plugins", **visible)
    assert listed.returncode == NOT_CONFIGURED
    assert "store sqlite*" in listed.stdout
    assert journiv("plugins", **visible, JOURNIV_PLUGINS_DISABLED="broken").returncode == 0


def test_two_stores_for_one_scheme_need_a_pin(journiv, install):
    visible = install("store_lite", SECOND_STORE)
    refused = journiv("serve", **visible)
    assert refused.returncode == NOT_CONFIGURED
    assert refused.stderr == (
        "journiv: Both store_lite and store_sqlite offer the scheme 'sqlite'. "
        "Set JOURNIV_STORE=store_lite or =store_sqlite, or disable one.\n"
    )
    assert journiv("config", "check", **visible, JOURNIV_STORE="store_sqlite").returncode == 0
