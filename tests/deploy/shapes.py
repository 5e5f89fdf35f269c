"""Which fields a document may have: what a mistyped one would otherwise pass silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

Shape = Any
"""A type, a list with the shape of its items, or a mapping of names to shapes (`*`: any name)."""

LABELS: Final = {"*": str}
_META: Final = {"name": str, "namespace": str, "labels": LABELS, "annotations": LABELS}
_SELECTOR: Final = {"matchLabels": LABELS}
_SECURITY: Final = {
    "allowPrivilegeEscalation": bool,
    "readOnlyRootFilesystem": bool,
    "capabilities": {"drop": [str]},
}
_PROBE: Final = {
    "httpGet": {"path": str, "port": str},
    "periodSeconds": int,
    "timeoutSeconds": int,
    "failureThreshold": int,
}
_CONTAINER: Final = {
    "name": str,
    "image": str,
    "args": [str],
    "ports": [{"name": str, "containerPort": int}],
    "envFrom": [{"configMapRef": {"name": str}, "secretRef": {"name": str}}],
    "startupProbe": _PROBE,
    "livenessProbe": _PROBE,
    "readinessProbe": _PROBE,
    "lifecycle": {"preStop": {"exec": {"command": [str]}}},
    "resources": {"requests": {"cpu": str, "memory": str}, "limits": {"memory": str}},
    "securityContext": _SECURITY,
    "volumeMounts": [{"name": str, "mountPath": str}],
}
_POD: Final = {
    "automountServiceAccountToken": bool,
    "enableServiceLinks": bool,
    "terminationGracePeriodSeconds": int,
    "securityContext": {
        "runAsNonRoot": bool,
        "runAsUser": int,
        "runAsGroup": int,
        "fsGroup": int,
        "seccompProfile": {"type": str},
    },
    "topologySpreadConstraints": [
        {
            "maxSkew": int,
            "topologyKey": str,
            "whenUnsatisfiable": str,
            "labelSelector": _SELECTOR,
        }
    ],
    "initContainers": [_CONTAINER],
    "containers": [_CONTAINER],
    "volumes": [{"name": str, "emptyDir": {"sizeLimit": str}}],
}
_PEERS: Final = [{"namespaceSelector": _SELECTOR, "podSelector": _SELECTOR}]
_PORTS: Final = [{"protocol": str, "port": (str, int)}]
_BACKEND: Final = {"service": {"name": str, "port": {"name": str}}}
_SPECS: Final[Mapping[tuple[str, str], Shape]] = {
    ("v1", "Namespace"): {},
    ("v1", "ConfigMap"): {"data": {"*": str}},
    ("v1", "Secret"): {"type": str, "stringData": {"*": str}},
    ("apps/v1", "Deployment"): {
        "spec": {
            "replicas": int,
            "revisionHistoryLimit": int,
            "selector": _SELECTOR,
            "strategy": {"type": str, "rollingUpdate": {"maxSurge": int, "maxUnavailable": int}},
            "template": {"metadata": {"labels": LABELS}, "spec": _POD},
        }
    },
    ("v1", "Service"): {
        "spec": {
            "type": str,
            "selector": LABELS,
            "ports": [{"name": str, "port": int, "targetPort": str}],
        }
    },
    ("networking.k8s.io/v1", "Ingress"): {
        "spec": {
            "ingressClassName": str,
            "tls": [{"hosts": [str], "secretName": str}],
            "rules": [
                {
                    "host": str,
                    "http": {"paths": [{"path": str, "pathType": str, "backend": _BACKEND}]},
                }
            ],
        }
    },
    ("policy/v1", "PodDisruptionBudget"): {"spec": {"minAvailable": int, "selector": _SELECTOR}},
    ("networking.k8s.io/v1", "NetworkPolicy"): {
        "spec": {
            "podSelector": _SELECTOR,
            "policyTypes": [str],
            "ingress": [{"from": _PEERS, "ports": _PORTS}],
            "egress": [{"to": _PEERS, "ports": _PORTS}],
        }
    },
}
KUBERNETES: Final = {
    kind: {"apiVersion": str, "kind": str, "metadata": _META, **spec}
    for kind, spec in _SPECS.items()
}

_SERVICE: Final = {
    "image": str,
    "entrypoint": [str],
    "command": [str],
    "user": str,
    "environment": {"*": str},
    "secrets": [str],
    "networks": [str],
    "ports": [str],
    "volumes": [str],
    "tmpfs": [str],
    "restart": str,
    "read_only": bool,
    "cap_drop": [str],
    "cap_add": [str],
    "security_opt": [str],
    "pids_limit": int,
    "mem_limit": str,
    "shm_size": str,
    "stop_grace_period": str,
    "healthcheck": {
        "test": [str],
        "interval": str,
        "timeout": str,
        "retries": int,
        "start_period": str,
        "disable": bool,
    },
    "depends_on": {"*": {"condition": str}},
}
COMPOSE: Final = {
    "services": {"*": _SERVICE},
    "networks": {"*": {"internal": bool}},
    "volumes": {"*": type(None)},
    "secrets": {"*": {"file": str}},
}


def strange(value: Any, shape: Shape, where: str) -> Iterator[str]:
    """Yield a sentence for every field that is unknown or of another type."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            yield f"{where} is no mapping"
            return
        for name, inner in value.items():
            known = shape.get(name, shape.get("*"))
            if known is None:
                yield f"{where} has the unknown field {name}"
            else:
                yield from strange(inner, known, f"{where}.{name}")
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        for number, inner in enumerate(value):
            yield from strange(inner, shape[0], f"{where}[{number}]")
    elif not isinstance(value, shape) or (isinstance(value, bool) and shape is int):
        yield f"{where} is {value!r}, of another type"
