"""Where one is signed in (decisions, "Additive API")."""

from __future__ import annotations

from typing import Any

from journiv.api.v1.accounts.account_shapes import SESSION, session_response
from journiv.api.v1.accounts.audit import source_of
from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import ListOf
from journiv.services.signin.sessions import Sessions


class SessionRoutes:
    """Lists and ends the caller's sessions."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/sessions",
                handler=self.live,
                access=Access.USER,
                summary="List where you are signed in, most recently seen first",
                answers={200: ListOf(SESSION)},
                tag="sessions",
            ),
            RouteDef(
                method="DELETE",
                path="/sessions",
                handler=self.end_others,
                access=Access.USER,
                summary="End all your sessions but this one",
                answers={204: None},
                tag="sessions",
            ),
            RouteDef(
                method="DELETE",
                path="/sessions/{session_id}",
                handler=self.end,
                access=Access.USER,
                summary="End one of your sessions",
                answers={204: None},
                tag="sessions",
            ),
        )

    async def live(self, call: Call) -> list[dict[str, Any]]:
        """List sessions."""
        current = call.principal.session_id
        found = await self._sessions.live(call.principal)
        return [session_response(session, current) for session in found]

    async def end(self, call: Call) -> Reply:
        """End a session."""
        await self._sessions.end(call.principal, call.path["session_id"], source_of(call))
        return Reply(status=204)

    async def end_others(self, call: Call) -> Reply:
        """End all sessions but the caller's own."""
        await self._sessions.end_others(call.principal, source_of(call))
        return Reply(status=204)
