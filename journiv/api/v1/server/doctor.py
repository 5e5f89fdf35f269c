"""The security checklist, for administrators (security.md D26)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.services.doctor.doctor import Doctor

_TEXT: Final = {"type": "text", "required": True}
FINDING: Final = Schema(
    "DoctorFinding",
    {
        "id": _TEXT,
        "title": _TEXT,
        "status": {
            "type": "text",
            "required": True,
            "allowed": ["pass", "warn", "fail", "manual"],
        },
        "advice": _TEXT,
    },
)


class DoctorRoutes:
    """Goes through the checklist for whoever looks after the server."""

    def __init__(self, doctor: Doctor) -> None:
        self._doctor = doctor

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/admin/doctor",
                handler=self.findings,
                access=Access.ADMIN,
                summary="Go through the security checklist; no other server is asked",
                answers={200: ListOf(FINDING)},
                tag="admin",
            ),
        )

    async def findings(self, call: Call) -> list[dict[str, Any]]:
        """Judge every line now."""
        return [asdict(finding) for finding in await self._doctor.findings()]
