"""Routes, jobs, commands and formats that clash; a store that does not come up."""

from __future__ import annotations

from unittest.mock import create_autospec

import pytest

from journiv import loader
from journiv.contracts.commands import Command
from journiv.contracts.jobs import Job
from journiv.contracts.routes import Access, RouteDef
from journiv.contracts.transfer import Importer
from journiv.domain.errors import ConfigError, Unavailable
from journiv.loader import opening
from tests.loader.fakes import (
    host_of,
    returning,
    said,
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
