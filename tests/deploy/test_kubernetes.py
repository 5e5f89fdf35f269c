"""deploy/kubernetes: no cluster runs here, so the manifests are read closely."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
import yaml

from devtools.paths import ROOT
from journiv import config
from journiv.domain.errors import ConfigError
from tests.deploy import known
from tests.deploy.kubernetes import faults

FOLDER: Final = ROOT / "deploy" / "kubernetes"
KUSTOMIZATION: Final = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
SECRETS: Final = "secret.example.yaml"
Spoil = Callable[[dict[str, Any]], object]


def documents() -> list[dict[str, Any]]:
    names = [*KUSTOMIZATION["resources"], SECRETS]
    return [one for name in names for one in yaml.safe_load_all((FOLDER / name).read_text())]


def test_nothing_is_wrong() -> None:
    assert list(faults(documents())) == []


def test_the_kustomization_names_every_file_and_this_release() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml", SECRETS}
    assert set(KUSTOMIZATION["resources"]) == files
    assert KUSTOMIZATION["namespace"] == "journiv"
    [image] = KUSTOMIZATION["images"]
    assert (image["name"], image["newTag"]) == ("journiv", known.VERSION)
    assert "/secret.yaml" in (FOLDER / ".gitignore").read_text().splitlines()


def environment() -> dict[str, str]:
    """Return what the server of a pod is given."""
    found = {one["kind"]: one for one in reversed(documents())}
    return {**found["ConfigMap"]["data"], **found["Secret"]["stringData"]}


def test_the_settings_of_a_pod_are_good_but_for_the_example_secret() -> None:
    settings = config.core(config.read_sources(environment()))
    assert settings.warnings == ()
    assert settings.public_url == "https://journal.example.org"
    assert settings.migrate == "manual"
    assert not settings.is_nameless
    with pytest.raises(ConfigError, match="SECRET_KEY is a placeholder"):
        config.with_secrets(settings)


def at(path: str, value: Any) -> Spoil:
    """Change what a path of names and numbers leads to; None takes it away."""

    def spoil(document: dict[str, Any]) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        inner: Any = document
        for step in way:
            inner = inner[step]
        if value is None:
            del inner[last]
        else:
            inner[last] = value

    return spoil


CONTAINER: Final = "spec/template/spec/containers/0"


@pytest.mark.parametrize(
    ("kind", "spoil", "fault"),
    [
        ("Deployment", at("apiVersion", "extensions/v1beta1"), "is not where this kind is"),
        ("Ingress", at("apiVersion", "networking.k8s.io/v1beta1"), "is not where this kind is"),
        ("Deployment", at(f"{CONTAINER}/readinesProbe", {}), "unknown field readinesProbe"),
        ("Deployment", at("spec/replicas", "3"), "replicas is '3', of another type"),
        ("Service", at("metadata/namespace", "default"), "Service journiv is in another namespace"),
        ("Service", at("spec/selector", {"app": "journiv"}), "Service selects other pods"),
        ("NetworkPolicy", at("spec/podSelector", {"matchLabels": {}}), "selects other pods"),
        ("PodDisruptionBudget", at("spec/minAvailable", 3), "lets no pod go"),
        ("Deployment", at("spec/strategy/rollingUpdate/maxUnavailable", 1), "takes a pod away"),
        ("Deployment", at("spec/template/spec/securityContext/runAsUser", 0), "may run as root"),
        ("Deployment", at(f"{CONTAINER}/securityContext/capabilities", {}), "is not hardened"),
        ("Deployment", at(f"{CONTAINER}/resources/limits", {}), "has no limit of memory"),
        ("Deployment", at(f"{CONTAINER}/image", "journiv:latest"), "names no version"),
        ("Deployment", at(f"{CONTAINER}/volumeMounts", []), "cannot write where it has to"),
        ("Deployment", at(f"{CONTAINER}/livenessProbe/httpGet/path", "/health"), "another path"),
        ("Deployment", at(f"{CONTAINER}/startupProbe/httpGet/port", "web"), "no such name"),
        ("Deployment", at(f"{CONTAINER}/readinessProbe", None), "readinessProbe asks"),
        ("Deployment", at(f"{CONTAINER}/ports/0/containerPort", 80), "listens elsewhere"),
        ("Deployment", at(f"{CONTAINER}/envFrom/1/secretRef/name", "x"), "Secret x, which is"),
        (
            "Deployment",
            at(f"{CONTAINER}/envFrom/1/secretRef/name", "journiv-migration"),
            "the server may change the schema",
        ),
        ("ConfigMap", at("data/DOMAIN_NAM", "x"), "DOMAIN_NAM is no setting"),
        ("ConfigMap", at("data/DOMAIN_NAME", "other.example.org"), "another name than DOMAIN_NAME"),
        ("Secret", at("stringData/SECRET_KEY", "b7Qe2mZt9KxW4rVn"), "looks like a real secret"),
        ("Service", at("spec/ports/0/targetPort", "web"), "Service leads to a port"),
        (
            "Ingress",
            at("spec/rules/0/http/paths/0/backend/service/name", "web"),
            "Ingress leads to a service",
        ),
        ("NetworkPolicy", at("spec/ingress/0/ports/0/port", "web"), "lets in to another port"),
        ("NetworkPolicy", at("spec/egress/1/ports/1/port", 6380), "redis.example.org:6379"),
    ],
)
def test_what_is_wrong_is_found(kind: str, spoil: Spoil, fault: str) -> None:
    spoiled: Sequence[dict[str, Any]] = copy.deepcopy(documents())
    spoil(next(one for one in spoiled if one["kind"] == kind))
    assert [found for found in faults(spoiled) if fault in found]
