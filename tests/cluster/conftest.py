from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bench.cluster import Cluster
from tests.cluster.caller import strangers
from tests.cluster.tally import Tally

ROUNDS = "JOURNIV_SOAK_ROUNDS"
SHORT, LONG = 3, 20
FOUNDERS = 50
# Sessions shall outlast the longest scenario.
SETTINGS = {"ACCESS_TOKEN_EXPIRE_MINUTES": "1440"}


@dataclass(frozen=True, slots=True)
class Site:
    """A cluster and the answers to its first registrations, which came at the same time."""

    cluster: Cluster
    founders: list[dict[str, Any]]

    @property
    def urls(self) -> list[str]:
        """The addresses of the replicas."""
        return [replica.url for replica in self.cluster.replicas]


async def found(cluster: Cluster) -> list[dict[str, Any]]:
    """Let everybody register at once, each at one replica."""
    replicas = itertools.cycle(cluster.replicas)
    async with strangers(cluster.url, FOUNDERS, "founder") as people:
        return await asyncio.gather(
            *(person.at(next(replicas).url).open_account() for person in people)
        )


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three replicas behind nginx, PostgreSQL and Redis; whoever ends a part starts it again."""
    with Cluster(tmp_path_factory.mktemp("cluster"), settings=SETTINGS) as started:
        yield started


@pytest.fixture(scope="package")
def tally(tmp_path_factory: pytest.TempPathFactory) -> Tally:
    """What the jobs of `site` write down."""
    return Tally(tmp_path_factory.mktemp("tally"))


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, tally: Tally) -> Iterator[Site]:
    """A cluster in which nothing fails, and the people who found it first."""
    with Cluster(tmp_path_factory.mktemp("site"), settings=tally.install()) as started:
        yield Site(started, asyncio.run(found(started)))


@pytest.fixture(scope="session")
def rounds() -> int:
    """How often a scenario is played: 3 in `./dev test`, 20 in `./dev soak`."""
    return min(LONG, int(os.environ.get(ROUNDS, SHORT)))
