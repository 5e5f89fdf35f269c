"""What may be wrong with deploy/cluster/compose.yaml, as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tests.deploy import known
from tests.deploy.shapes import COMPOSE, strange

Compose = Mapping[str, Any]
REPLICAS: Final = ("journiv-1", "journiv-2")
_SERVERS: Final = (*REPLICAS, "migrate")
_FROM_OUTSIDE: Final = {"caddy": ["80:80", "443:443"]}
_READ: Final = re.compile(r"/run/secrets/(\w+)")
_SECRET: Final = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY|DATABASE_.*URL|REDIS_URL")


def faults(compose: Compose, folder: Path) -> Iterator[str]:
    """Yield everything that is wrong; `folder` is where the file is."""
    services = {name: body for name, body in compose.items() if not name.startswith("x-")}
    yield from strange(services, COMPOSE, "compose")
    for name, service in compose["services"].items():
        yield from (f"{name}: {fault}" for fault in _of_one(name, service, folder))
        yield from (f"{name}: {fault}" for fault in _references(service, compose))
    yield from _of_all(compose)


def _of_one(name: str, service: Mapping[str, Any], folder: Path) -> Iterator[str]:
    yield from known.image_faults(service["image"])
    if service.get("read_only") is not True:
        yield "its root can be written to"
    if service.get("cap_drop") != ["ALL"]:
        yield "it keeps capabilities"
    if "no-new-privileges:true" not in service.get("security_opt", ()):
        yield "it may gain privileges"
    for limit in ("mem_limit", "pids_limit"):
        if limit not in service:
            yield f"it has no {limit}"
    if service.get("ports", []) != _FROM_OUTSIDE.get(name, []):
        yield "its ports can be reached from outside"
    ends = service.get("restart") == "no"
    if ends != service.get("healthcheck", {}).get("disable", False):
        yield "it runs on without a health check, or ends and has one"
    if not ends and not service.get("healthcheck", {}).get("test"):
        yield "it has no health check"
    for mount in service.get("volumes", ()):
        if mount.startswith("./") and not (folder / mount.split(":")[0]).is_file():
            yield f"{mount} is no file"
    yield from _environment(name, service)


def _environment(name: str, service: Mapping[str, Any]) -> Iterator[str]:
    given = service.get("environment", {})
    for key, value in given.items():
        if name in _SERVERS and key not in known.settings():
            yield f"{key} is no setting"
        if _SECRET.search(key) and not (key.endswith("_FILE") or key == "POSTGRES_INITDB_ARGS"):
            yield f"{key} is a secret that stands in the file"
        if key.endswith("_FILE") and not value.startswith("/run/secrets/"):
            yield f"{key} names no secret"


def _references(service: Mapping[str, Any], compose: Compose) -> Iterator[str]:
    mounted = set(service.get("secrets", ()))
    words = [*service.get("environment", {}).values(), *service.get("command", ())]
    words += service.get("healthcheck", {}).get("test", ())
    read = {secret for word in words for secret in _READ.findall(word)}
    for secret in sorted(read - mounted):
        yield f"it reads the secret {secret}, which it is not given"
    for secret in sorted(mounted - compose["secrets"].keys()):
        yield f"the secret {secret} is defined nowhere"
    for network in set(service["networks"]) - compose["networks"].keys():
        yield f"the network {network} is defined nowhere"
    for mount in service.get("volumes", ()):
        source = mount.split(":")[0]
        if not source.startswith("./") and source not in compose["volumes"]:
            yield f"the volume {source} is defined nowhere"
    for other, how in service.get("depends_on", {}).items():
        if other not in compose["services"]:
            yield f"it waits for {other}, which is defined nowhere"
            continue
        ends = compose["services"][other].get("restart") == "no"
        fits = "service_completed_successfully" if ends else "service_healthy"
        if how["condition"] != fits:
            yield f"it waits until {other} is {how['condition']}, which is not {fits}"


def _of_all(compose: Compose) -> Iterator[str]:
    services = compose["services"]
    one, other = ({**services[name], "volumes": []} for name in REPLICAS)
    if one != other:
        yield "the replicas differ in more than their volumes"
    used = {secret for service in services.values() for secret in service.get("secrets", ())}
    for secret in sorted(compose["secrets"].keys() - used):
        yield f"nobody reads the secret {secret}"
    for name in REPLICAS:
        if "database_migration_url" in services[name]["secrets"]:
            yield f"{name} may change the schema"
    if compose["networks"]["back"].get("internal") is not True:
        yield "the network of the databases leads outside"
    for name in ("postgres", "redis", "objects", "migrate"):
        if services[name]["networks"] != ["back"]:
            yield f"{name} is in another network than back"
