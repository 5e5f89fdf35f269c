"""Several servers behind nginx that share PostgreSQL, Redis and an object store, on free ports.

`python -m bench.cluster` starts it all, says where it is, and ends it with Ctrl+C.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from bench.balancer import Balancer
from tests.api.server import ServerProcess
from tests.ports import free_port
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
from tests.services.s3 import KEY_ID, SECRET, S3Server

REPLICAS: Final = 3
# Limits are counted in Redis at every request, but end no measurement and no test.
SETTINGS: Final = {
    "RATE_LIMIT_ENABLED": "true",
    "RATE_LIMIT_PER_MINUTE": "1000000",
    "DOMAIN_NAME": "journal.example.org",
    "TRUSTED_PROXIES": "127.0.0.1/32",
    "LOG_LEVEL": "INFO",
}


class Cluster:
    """Everything that stands behind one address; every part can be ended and started alone.

    `durable` lets PostgreSQL wait for the disk, for those who end it the hard way. `fill` is called
    with the URL of the empty database before any server starts.
    """

    def __init__(
        self,
        folder: Path,
        replicas: int = REPLICAS,
        settings: Mapping[str, str] | None = None,
        *,
        durable: bool = True,
        fill: Callable[[str], None] | None = None,
    ) -> None:
        self.folder = folder
        self.postgres = PostgresServer(durable=durable)
        self.redis = RedisServer(folder)
        self.s3 = S3Server(folder)
        self.replicas: list[ServerProcess] = []
        self._wanted = replicas
        self._settings = {**SETTINGS, **(settings or {})}
        self._fill = fill
        self._balancer: Balancer | None = None

    @property
    def balancer(self) -> Balancer:
        """nginx, once it was started."""
        assert self._balancer is not None
        return self._balancer

    @property
    def url(self) -> str:
        """The one address of all replicas, without a slash at the end."""
        return f"http://127.0.0.1:{self.balancer.port}"

    @property
    def database_url(self) -> str:
        """The database that all replicas share."""
        return self.postgres.url("journiv_1")

    def start(self) -> None:
        """Start everything; the replicas at the same time, so that one of them migrates."""
        self.postgres.start()
        self.redis.start()
        self.s3.start()
        self.postgres.new_database()
        if self._fill is not None:
            self._fill(self.database_url)
        self.replicas += [self.server(f"replica-{number + 1}") for number in range(self._wanted)]
        with ThreadPoolExecutor(self._wanted) as pool:
            list(pool.map(ServerProcess.start, self.replicas))
        self._balancer = Balancer(
            self.folder, free_port(), [replica.port for replica in self.replicas]
        )
        self._balancer.start()

    def server(self, name: str) -> ServerProcess:
        """Return a server of this cluster that was not started, with a folder of its own."""
        home = self.folder / name
        home.mkdir()
        shared = {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url,
            "JOURNIV_MEDIA_URL": self.s3.url(),
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }
        return ServerProcess(home, {**shared, **self._settings})

    def stop(self) -> None:
        """End everything and delete the database."""
        if self._balancer is not None:
            self._balancer.stop()
        with ThreadPoolExecutor(self._wanted) as pool:
            list(pool.map(ServerProcess.stop, self.replicas))
        self.s3.stop()
        self.redis.stop()
        self.postgres.remove()

    def __enter__(self) -> Cluster:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=__doc__)
    parser.add_argument("--replicas", type=int, default=REPLICAS)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="journiv-cluster-") as folder,
        Cluster(Path(folder), options.replicas) as cluster,
    ):
        print(f"{cluster.url} leads to {[replica.url for replica in cluster.replicas]}", flush=True)
        print(
            f"PostgreSQL {cluster.database_url}, Redis {cluster.redis.url}, "
            f"object store {cluster.s3.endpoint}",
            flush=True,
        )
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
