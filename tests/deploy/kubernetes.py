"""What may be wrong with deploy/kubernetes, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from journiv.api.middleware.host import PROBES
from tests.deploy import known
from tests.deploy.shapes import KUBERNETES, strange

Document = Mapping[str, Any]
NAMESPACE: Final = "journiv"
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_HARDENED: Final = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
_PROBED: Final = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}


def faults(documents: Sequence[Document]) -> Iterator[str]:
    """Yield everything that is wrong: first each document, then what refers to what."""
    misshapen = [fault for document in documents for fault in _of_one(document)]
    yield from misshapen
    if misshapen:
        return
    pod = _only(documents, "Deployment")["spec"]["template"]
    yield from _selected(documents, pod["metadata"]["labels"])
    yield from _pod(pod["spec"])
    yield from _configured(documents, pod["spec"])
    yield from _reached(documents, pod["spec"]["containers"][0])


def _of_one(document: Document) -> Iterator[str]:
    name = f"{document['kind']} {document['metadata']['name']}"
    shape = KUBERNETES.get(_kind(document))
    if shape is None:
        yield f"{name}: {document['apiVersion']} is not where this kind is"
        return
    yield from strange(document, shape, name)
    if document["kind"] != "Namespace" and document["metadata"].get("namespace") != NAMESPACE:
        yield f"{name} is in another namespace"


def _selected(documents: Sequence[Document], labels: Mapping[str, str]) -> Iterator[str]:
    deployment = _only(documents, "Deployment")["spec"]
    budget = _only(documents, "PodDisruptionBudget")["spec"]
    selectors = {
        "Deployment": deployment["selector"]["matchLabels"],
        "Service": _only(documents, "Service")["spec"]["selector"],
        "PodDisruptionBudget": budget["selector"]["matchLabels"],
        "NetworkPolicy": _only(documents, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
    }
    for kind, selector in selectors.items():
        if not selector or not selector.items() <= labels.items():
            yield f"{kind} selects other pods"
    if not 1 <= budget["minAvailable"] < deployment["replicas"]:
        yield "PodDisruptionBudget lets no pod go, or all"
    if deployment["strategy"]["rollingUpdate"]["maxUnavailable"] != 0:
        yield "Deployment takes a pod away before its successor is ready"


def _pod(spec: Mapping[str, Any]) -> Iterator[str]:
    security = spec["securityContext"]
    if not (security.get("runAsNonRoot") and security.get("runAsUser")):
        yield "the pod may run as root"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "the pod may call everything"
    if spec.get("automountServiceAccountToken") is not False:
        yield "the pod is given a token of the cluster"
    volumes = {volume["name"] for volume in spec["volumes"]}
    for container in (*spec["initContainers"], *spec["containers"]):
        name = container["name"]
        yield from (f"{name}: {fault}" for fault in known.image_faults(container["image"]))
        if container.get("securityContext") != _HARDENED:
            yield f"{name} is not hardened"
        if not container.get("resources", {}).get("limits", {}).get("memory"):
            yield f"{name} has no limit of memory"
        mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        if mounted.keys() - volumes or not {"/data", "/tmp"} <= set(mounted.values()):
            yield f"{name} cannot write where it has to"
    for container in spec["containers"]:
        yield from _probes(container)


def _probes(container: Mapping[str, Any]) -> Iterator[str]:
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    if ports != {"http": known.PORT}:
        yield "the container listens elsewhere than the image"
    for probe, path in _PROBED.items():
        asked = container.get(probe, {}).get("httpGet", {})
        if asked.get("path") != path or path not in PROBES:
            yield f"{probe} asks another path than {path}"
        if asked.get("port") not in ports:
            yield f"{probe} asks a port that has no such name"


def _configured(documents: Sequence[Document], pod: Mapping[str, Any]) -> Iterator[str]:
    given = {
        (one["kind"], one["metadata"]["name"]): one.get("data", one.get("stringData", {}))
        for one in documents
        if one["kind"] in ("ConfigMap", "Secret")
    }
    for (kind, name), entries in given.items():
        for key in entries:
            if key not in known.settings():
                yield f"{kind} {name}: {key} is no setting"
    read = {container["name"]: _read(container) for container in _containers(pod)}
    for name, sources in read.items():
        for source in sorted(sources - given.keys()):
            yield f"{name} reads {' '.join(source)}, which is defined nowhere"
    for kind, name in sorted(given.keys() - set().union(*read.values())):
        yield f"nobody reads {kind} {name}"
    for source in read["journiv"]:
        if "DATABASE_MIGRATION_URL" in given.get(source, {}):
            yield "the server may change the schema"
    for key, value in given.get(("Secret", "journiv"), {}).items():
        if "change-me" not in value:
            yield f"{key} looks like a real secret"


def _reached(documents: Sequence[Document], container: Mapping[str, Any]) -> Iterator[str]:
    names = {port["name"] for port in container["ports"]}
    service = _only(documents, "Service")
    if {port["targetPort"] for port in service["spec"]["ports"]} - names:
        yield "Service leads to a port that has no such name"
    ingress = _only(documents, "Ingress")["spec"]
    public = _only(documents, "ConfigMap")["data"].get("DOMAIN_NAME")
    hosts = {rule["host"] for rule in ingress["rules"]}
    if hosts != {public} or set(ingress["tls"][0]["hosts"]) != hosts:
        yield "Ingress answers to another name than DOMAIN_NAME"
    for path in ingress["rules"][0]["http"]["paths"]:
        backend = path["backend"]["service"]
        ports = {port["name"] for port in service["spec"]["ports"]}
        if backend["name"] != service["metadata"]["name"] or backend["port"]["name"] not in ports:
            yield "Ingress leads to a service or port that is defined nowhere"
    policy = _only(documents, "NetworkPolicy")["spec"]
    if {port["port"] for rule in policy["ingress"] for port in rule["ports"]} - names:
        yield "NetworkPolicy lets in to another port"
    out = {port["port"] for rule in policy["egress"] for port in rule["ports"]}
    for url in _addresses(documents):
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        if port not in out:
            yield f"NetworkPolicy does not let out to {parts.hostname}:{port}"


def _addresses(documents: Sequence[Document]) -> Iterator[str]:
    for document in documents:
        for key, value in {**document.get("data", {}), **document.get("stringData", {})}.items():
            if key == "JOURNIV_MEDIA_URL":
                yield value.partition("endpoint=")[2].partition("&")[0]
            elif key.endswith("_URL"):
                yield value


def _containers(pod: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return (*pod["initContainers"], *pod["containers"])


def _read(container: Mapping[str, Any]) -> set[tuple[str, str]]:
    kinds = {"configMapRef": "ConfigMap", "secretRef": "Secret"}
    return {
        (kinds[kind], reference["name"])
        for source in container["envFrom"]
        for kind, reference in source.items()
    }


def _kind(document: Document) -> tuple[str, str]:
    return (document["apiVersion"], document["kind"])


def _only(documents: Sequence[Document], kind: str) -> Document:
    [found] = [document for document in documents if document["kind"] == kind]
    return found
