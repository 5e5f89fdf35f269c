"""deploy/cluster/compose.yaml: no engine runs here, so it is read closely."""

from __future__ import annotations

import copy
import os
import re
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import yaml

from devtools.paths import ROOT
from tests.deploy import known
from tests.deploy.compose import REPLICAS, faults

FOLDER: Final = ROOT / "deploy" / "cluster"
COMPOSE: Final = yaml.safe_load((FOLDER / "compose.yaml").read_text())
Spoil = Callable[[dict[str, Any]], object]


def test_nothing_is_wrong() -> None:
    assert list(faults(COMPOSE, FOLDER)) == []


def service(name: str, **changes: Any) -> Spoil:
    return lambda services: services[name].update(changes)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (service("redis", image="redis:latest"), "redis:latest names no version"),
        (service("redis", image="redis"), "redis names no version"),
        (service("migrate", image="journiv:9.9.9"), "not of this release"),
        (service("postgres", ports=["5432:5432"]), "postgres: its ports can be reached"),
        (service("objects", read_only=False), "objects: its root can be written to"),
        (service("caddy", cap_drop=[]), "caddy: it keeps capabilities"),
        (service("caddy", security_opt=[]), "caddy: it may gain privileges"),
        (service("redis", mem_limit="256m", memory="256m"), "unknown field memory"),
        (service("redis", pids_limit="many"), "pids_limit is 'many', of another type"),
        (service("redis", healthcheck={}), "redis: it has no health check"),
        (service("redis", secrets=[]), "redis: it reads the secret redis_password"),
        (service("redis", networks=["front"]), "redis is in another network"),
        (service("caddy", networks=["outside"]), "the network outside is defined nowhere"),
        (service("postgres", volumes=["./roles:/r:ro"]), "./roles:/r:ro is no file"),
        (service("postgres", volumes=["data:/r"]), "the volume data is defined nowhere"),
        (service("journiv-1", mem_limit="2g"), "the replicas differ"),
        (service("caddy", depends_on={"web": {"condition": "x"}}), "web, which is defined nowhere"),
        (
            service("migrate", depends_on={"postgres": {"condition": "service_started"}}),
            "postgres is service_started",
        ),
        (
            lambda services: services["migrate"]["environment"].update(DATABSE_URL="x"),
            "migrate: DATABSE_URL is no setting",
        ),
        (
            lambda services: services["migrate"]["environment"].update(SECRET_KEY="x" * 40),
            "migrate: SECRET_KEY is a secret that stands in the file",
        ),
        (
            lambda services: services["journiv-2"]["secrets"].append("database_migration_url"),
            "journiv-2 may change the schema",
        ),
    ],
)
def test_what_is_wrong_is_found(spoil: Spoil, fault: str) -> None:
    spoiled = copy.deepcopy(COMPOSE)
    spoil(spoiled["services"])
    assert [found for found in faults(spoiled, FOLDER) if fault in found]


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """The folder that make-secrets makes."""
    (tmp_path / "make-secrets").write_text((FOLDER / "make-secrets").read_text())
    subprocess.run(["sh", tmp_path / "make-secrets"], check=True, timeout=30)
    return tmp_path / "secrets"


def test_every_secret_is_made_once_and_only_for_its_reader(secrets: Path) -> None:
    named = {one["file"].removeprefix("secrets/") for one in COMPOSE["secrets"].values()}
    assert {file.name for file in secrets.iterdir()} == named
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    for file in secrets.iterdir():
        read_by_others = stat.S_IMODE(file.stat().st_mode) & 0o044
        assert bool(read_by_others) == (os.geteuid() != 0)
    texts = [file.read_text() for file in secrets.iterdir() if file.name.endswith("password")]
    assert len(set(texts)) == len(texts) == 4
    assert min(map(len, texts)) >= 32
    again = subprocess.run(
        ["sh", secrets.parent / "make-secrets"], capture_output=True, text=True, timeout=30
    )
    assert again.returncode == 1
    assert again.stderr == "secrets/ is there already; nothing was changed.\n"
    assert sorted(texts) == sorted(
        file.read_text() for file in secrets.iterdir() if file.name.endswith("password")
    )


def test_every_address_leads_to_a_service(secrets: Path) -> None:
    media = COMPOSE["services"]["journiv-1"]["environment"]["JOURNIV_MEDIA_URL"]
    endpoint = media.partition("endpoint=")[2].partition("&")[0]
    urls = [endpoint, *((secrets / name).read_text() for name in ("database_url", "redis_url"))]
    urls.append((secrets / "database_migration_url").read_text())
    found = {(urlsplit(url).hostname, urlsplit(url).port) for url in urls}
    assert found == {("objects", 9000), ("postgres", 5432), ("redis", 6379)}
    assert "--port :9000" in COMPOSE["services"]["objects"]["command"][0]
    proxied = re.findall(r"(journiv-\d):(\d+)", (FOLDER / "Caddyfile").read_text())
    assert proxied == [(name, str(known.PORT)) for name in REPLICAS]
    assert f"EXPOSE {known.PORT}\n" in (ROOT / "Dockerfile").read_text()


def test_made_secrets_are_kept_by_nobody() -> None:
    assert "/secrets/" in (FOLDER / ".gitignore").read_text().splitlines()
    assert "deploy/cluster/secrets*" in (ROOT / ".dockerignore").read_text().splitlines()
