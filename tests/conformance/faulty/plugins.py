"""Plugins with one fault each, written and installed for their tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from journiv.testing.plugin import PluginConformance

METADATA = "Metadata-Version: 2.4\nName: journiv-faulty\nVersion: 1\n"
ABOUT = METADATA + "Requires-Dist: journiv>=0.1\n"
HONEST = """
from journiv import hookimpl
from journiv.contracts.media import MediaBackend

JOURNIV_API = "0.1"

SCHEMA = {"folder": {"type": "string", "default": "x", "meta": {"help": "where"}}}

@hookimpl
def journiv_config_schema():
    return SCHEMA

@hookimpl
def journiv_register_media_stores():
    return [MediaBackend(name="faulty", schemes=("faulty",), summary="none", create=create)]

def create(settings, ctx):
    from journiv.builtin.filesystem_media import FilesystemMedia

    return FilesystemMedia("file:///faulty")
"""


class Written(PluginConformance):
    """A plugin made of `source` and `about`."""

    name = "faulty"
    source: ClassVar[str] = HONEST
    about: ClassVar[str] = ABOUT
    kit: ClassVar = "plugin"
    caught_by: ClassVar[tuple[str, ...]]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def installed(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        site = tmp_path_factory.mktemp("site")
        write(site, cls.source, cls.about)
        sys.path.append(str(site))
        yield
        sys.path.remove(str(site))


class TestHonest(Written):
    """The plugin without a fault: what finds the others finds nothing here."""

    caught_by = ()


class TestLoadsADriver(Written):
    """A driver is imported with the plugin."""

    source = f"import asyncpg\n{HONEST}"
    caught_by = ("test_importing_it_loads_no_driver",)


class TestWritesWhenImported(Written):
    """Importing the plugin makes a database."""

    source = f"import sqlite3\nsqlite3.connect(':memory:').close()\n{HONEST}"
    caught_by = ("test_importing_it_touches_nothing",)


class TestConnectsInCreate(Written):
    """`create` asks for an address."""

    source = HONEST.replace(
        "def create(settings, ctx):\n",
        "def create(settings, ctx):\n    import socket\n    socket.getaddrinfo('127.0.0.1', 80)\n",
    )
    caught_by = ("test_hooks_and_create_touch_nothing",)


class TestStartsAThread(Written):
    """A thread runs before the server does."""

    source = HONEST.replace(
        "def create(settings, ctx):\n",
        "def create(settings, ctx):\n    import threading, time\n"
        "    threading.Thread(target=time.sleep, args=(2,), daemon=True).start()\n",
    )
    caught_by = ("test_no_thread_runs_before_the_server_does",)


class TestCreatesSomethingElse(Written):
    """`create` makes no media store."""

    source = HONEST.replace('return FilesystemMedia("file:///faulty")', "return object()")
    caught_by = ("test_what_it_offers_is_created",)


class TestExplainsNoSetting(Written):
    """A setting has no help."""

    source = HONEST.replace('"meta": {"help": "where"}', '"meta": {}')
    caught_by = ("test_its_settings_are_explained",)


class TestShowsASecret(Written):
    """A setting that looks like a secret does not say whether it is one."""

    source = HONEST.replace('"folder"', '"api_token"')
    caught_by = ("test_its_settings_are_explained",)


class TestNeedsNothing(Written):
    """The metadata do not say that it needs journiv."""

    about = METADATA
    caught_by = ("test_its_metadata_say_what_it_is",)


def write(site: Path, source: str, about: str) -> None:
    """Write a plugin as installing it leaves it."""
    (site / "journiv_faulty.py").write_text(source)
    folder = site / "journiv_faulty-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(about)
    entry = "[journiv.plugins]\nfaulty = journiv_faulty\n"
    (folder / "entry_points.txt").write_text(entry)
