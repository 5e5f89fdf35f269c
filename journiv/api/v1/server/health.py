"""Health, memory and probes (api-v1 §3.12, security.md D19)."""

from __future__ import annotations

from typing import Any

from journiv.api.health import Health
from journiv.api.memory import memory_report
from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import Schema
from journiv.domain.clock import Clock, instant

_TEXT = {"type": "text", "required": True}
_NUMBER = {"type": "number", "required": True}

HEALTH = Schema(
    "Health",
    {
        "status": {"type": "text", "required": True, "allowed": ["healthy", "degraded"]},
        "timestamp": {"type": "instant", "required": True},
        "service": _TEXT,
        "version": {"type": "text"},
        "database": {"type": "text", "required": True, "allowed": ["connected", "disconnected"]},
    },
)
MEMORY = Schema(
    "Memory",
    {
        "status": {"type": "text", "required": True, "allowed": ["ok", "warning", "critical"]},
        "timestamp": {"type": "instant", "required": True},
        "system_memory": {
            "type": "dict",
            "required": True,
            "schema": {
                "total_mb": _NUMBER,
                "used_mb": _NUMBER,
                "available_mb": _NUMBER,
                "percent_used": _NUMBER,
            },
        },
        "process_memory": {
            "type": "dict",
            "required": True,
            "schema": {"rss_mb": _NUMBER, "vms_mb": _NUMBER},
        },
    },
)
PROBE = Schema(
    "Probe",
    {"status": {"type": "text", "required": True, "allowed": ["ok", "degraded", "down"]}},
)


class HealthRoutes:
    """Tells how the server is. Only an administrator learns its version."""

    def __init__(self, health: Health, clock: Clock, version: str) -> None:
        self._health = health
        self._clock = clock
        self._version = version

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/health",
                handler=self.health,
                access=Access.PUBLIC,
                summary="Say how the server is",
                answers={200: HEALTH},
                tag="health",
                counted=False,
            ),
            RouteDef(
                method="GET",
                path="/memory",
                handler=self.memory,
                access=Access.PUBLIC,
                summary="Say how much memory is in use",
                answers={200: MEMORY},
                tag="health",
                counted=False,
            ),
        )

    def probes(self) -> tuple[RouteDef, ...]:
        """Return the operations at the root, for whoever watches over the process."""
        return (
            RouteDef(
                method="GET",
                path="/livez",
                handler=self.live,
                access=Access.PUBLIC,
                summary="Say that the process answers",
                answers={200: PROBE},
                tag="health",
                counted=False,
            ),
            RouteDef(
                method="GET",
                path="/readyz",
                handler=self.ready,
                access=Access.PUBLIC,
                summary="Say whether requests can be served",
                answers={200: PROBE, 503: PROBE},
                tag="health",
                counted=False,
            ),
        )

    async def health(self, call: Call) -> Any:
        """Answer from what the background checks found."""
        report = {
            "status": "healthy" if self._health.healthy else "degraded",
            "timestamp": instant(self._clock.now()),
            "service": "Journiv Service",
            "database": "connected" if self._health.database else "disconnected",
        }
        if call.caller is not None and call.caller.is_admin:
            report["version"] = self._version
        return report

    async def memory(self, call: Call) -> Any:
        """Answer with the figures of this moment."""
        return {**memory_report(), "timestamp": instant(self._clock.now())}

    async def live(self, call: Call) -> Any:
        """Answer whenever the event loop runs."""
        return {"status": "ok"}

    async def ready(self, call: Call) -> Any:
        """Answer 503 while the store is away or the server stops; `degraded` when more is amiss."""
        if self._health.ready:
            return {"status": "ok" if self._health.healthy else "degraded"}
        return Reply(payload={"status": "down"}, status=503)
