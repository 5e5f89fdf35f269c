"""The parts of deploy/cluster that need no container engine, run as they are written."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from devtools import programs
from devtools.paths import ROOT
from tests.api.server import ServerProcess
from tests.deploy.compose import REPLICAS
from tests.ports import free_port
from tests.services.postgres import PostgresServer
from tests.services.s3 import KEY_ID, SECRET, S3Server
from tests.soak.person import Person

FOLDER: Final = ROOT / "deploy" / "cluster"
SERVICES: Final = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
NAME: Final = "journal.example.org"


class Machine:
    """Takes the place of the engine: other folders and ports, and no container around."""

    def __init__(self, folder: Path, postgres: PostgresServer) -> None:
        self.folder = folder
        self.postgres = postgres
        self.objects = S3Server(folder)
        self.redis = free_port()
        self.caddy = free_port()
        self.secrets = folder / "secrets"
        self.replicas: list[ServerProcess] = []
        self.url = f"http://127.0.0.1:{self.caddy}"

    def make_secrets(self) -> None:
        """Run make-secrets, and lead its addresses to this machine's servers."""
        script = self.folder / "make-secrets"
        script.write_text((FOLDER / "make-secrets").read_text())
        subprocess.run(["sh", script], check=True, timeout=30)
        places = {"postgres:5432": self.postgres.port, "redis:6379": self.redis}
        for file in self.secrets.iterdir():
            text = file.read_text()
            for place, port in places.items():
                text = text.replace(place, f"127.0.0.1:{port}")
            file.chmod(0o600)
            file.write_text(text)
        (self.secrets / "aws_access_key_id").write_text(KEY_ID)
        (self.secrets / "aws_secret_access_key").write_text(SECRET)
        (self.objects.folder / "journiv").mkdir()

    def make_roles(self) -> None:
        """Run what the postgres image runs when its data folder is empty."""
        script = self._here((FOLDER / "postgres-roles.sh").read_text())
        psql = programs.locate(programs.POSTGRES._replace(name="psql"))
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(self.postgres.port)}
        subprocess.run(
            ["sh", "-c", script],
            env={"PATH": f"{Path(psql or '').parent}:{os.environ['PATH']}",
                 "POSTGRES_USER": "journiv", **place},
            check=True, timeout=30, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def start_redis(self) -> subprocess.Popen[bytes]:
        """Run the command of its service."""
        sh, option, script = SERVICES["redis"]["command"]
        conf = str(self.folder / "redis.conf")
        script = self._here(script.replace("$$", "$")).replace("/tmp/redis.conf", conf).strip()
        return self._started("redis", [sh, option, f"{script} --port {self.redis}"], {})

    def start_caddy(self) -> subprocess.Popen[bytes]:
        """Run it with its Caddyfile, over plain http."""
        text = (FOLDER / "Caddyfile").read_text()
        for name, replica in zip(REPLICAS, self.replicas, strict=True):
            assert f"{name}:8000" in text
            text = text.replace(f"{name}:8000", f"127.0.0.1:{replica.port}")
        (self.folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text)
        # Of the image's kind: Debian's is older, and loses the body when it tries the next replica.
        program = shutil.which("caddy", path=Path(sys.executable).parent)
        assert program is not None, "caddy is missing; ./dev test installs it"
        command = [program, "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
        return self._started("caddy", command, {"DOMAIN_NAME": self.url})

    def environment(self, service: str) -> dict[str, str]:
        """Return what a service of Journiv's image is given."""
        given = SERVICES[service]["environment"].items()
        own = {key: NAME if "DOMAIN_NAME" in key else self._here(value) for key, value in given}
        return {"ENVIRONMENT": "production", "ARGON2_PROFILE": "low", "SECRET_KEY": "", **own}

    def migrate(self) -> str:
        """Run the service that ends."""
        data = {"PATH": os.environ["PATH"], "JOURNIV_DATA": str(self.folder / "data")}
        done = subprocess.run(
            [sys.executable, "-m", "journiv", *SERVICES["migrate"]["command"]],
            env=data | self.environment("migrate"),
            cwd=self.folder, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_replica(self, name: str) -> None:
        """Run one of the services of Journiv's image."""
        (self.folder / name).mkdir()
        replica = ServerProcess(self.folder / name, self.environment(name))
        self.replicas.append(replica)
        replica.start()

    def _here(self, text: str) -> str:
        found = text.replace("/run/secrets", str(self.secrets))
        return found.replace("http://objects:9000", self.objects.endpoint)

    def _started(
        self, name: str, command: list[str], more: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        home = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                command, env=home | dict(more), cwd=self.folder, stdout=log, stderr=log
            )


@pytest.fixture(scope="module")
def machine(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer
) -> Iterator[Machine]:
    """Everything of the compose file; the object store is another one, of the tests."""
    made = Machine(tmp_path_factory.mktemp("machine"), postgres)
    made.make_secrets()
    made.make_roles()
    with ExitStack() as stack:
        made.objects.start()
        stack.callback(made.objects.stop)
        stack.callback(end, made.start_redis())
        assert made.migrate().startswith("The database went from nothing to ")
        stack.callback(lambda: [replica.kill() for replica in made.replicas])
        for name in REPLICAS:
            made.start_replica(name)
        stack.callback(end, made.start_caddy())
        yield made


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(30)) as opened:
        yield opened


def test_the_running_role_may_not_change_the_schema(machine: Machine) -> None:
    may = "SELECT has_schema_privilege('journiv_server', 'public', 'CREATE')"
    owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    assert machine.postgres.run(may, "journiv") == "f"
    assert machine.postgres.run(owners, "journiv") == "journiv_owner"


async def test_people_write_while_one_replica_is_gone_and_are_told_to_wait_without_any(
    machine: Machine, session: ClientSession
) -> None:
    await answers(session, machine.url, 200)
    person = await Person.register(session, machine.url, "sam@example.org")
    for replica in machine.replicas:
        beside = Person(session, replica.url, person.email, person.token)
        assert (await beside.ask("GET", "/users/me"))[0] == 200
    journal = await person.journal()
    entry = {"title": "t", "content": "Up betimes.", "journal_id": journal}
    one, other = machine.replicas
    one.kill()
    await asyncio.sleep(0.2)  # until Caddy has noticed that its connections are closed
    assert [(await person.ask("POST", "/entries/", entry))[0] for _ in range(10)] == [201] * 10
    other.kill()
    async with session.get(f"{machine.url}/api/v1/health") as away:
        assert (away.status, away.headers["Retry-After"]) == (503, "2")
        assert away.content_type == "application/problem+json"
        assert (await away.json())["status"] == 503
    one.start()
    await answers(session, machine.url, 200)
    _, entries = await person.ask("GET", "/entries/")
    assert len(entries) == 10


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


async def answers(session: ClientSession, url: str, status: int) -> None:
    """Wait until the proxy answers so."""
    async with asyncio.timeout(15):
        while await _status(session, url) != status:
            await asyncio.sleep(0.1)


async def _status(session: ClientSession, url: str) -> Any:
    try:
        async with session.get(f"{url}/api/v1/health") as answer:
            return answer.status
    except OSError:
        return None
