"""What happened to one's account, and proving anew who one is (decisions, "Additive API")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from journiv.api.v1.accounts.account_shapes import PASSWORD
from journiv.contracts.routes import Access, Call, Param, Reply, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.services.accounts.audit import ADMINISTRATOR, SHELL, Audit, Source
from journiv.services.signin.recent_auth import RecentAuth

_TEXT: Final = {"type": "text", "required": True}
EVENT: Final = Schema(
    "AuditEvent",
    {
        "number": {"type": "integer", "required": True},
        "at": {"type": "instant", "required": True},
        "event": _TEXT,
        "by": {"type": "text", "required": True, "allowed": ["you", ADMINISTRATOR, "shell"]},
        "object": _TEXT,
        "result": _TEXT,
        "network": _TEXT,
        "request_id": _TEXT,
    },
)
CONFIRM: Final = Schema(
    "Reauthentication", {"password": PASSWORD, "code": {"type": "text", "maxlength": 64}}
)


class AuditRoutes:
    """Serves the caller's own rows of the audit log, and takes proof of who they are."""

    def __init__(self, audit: Audit, recent: RecentAuth) -> None:
        self._audit = audit
        self._recent = recent

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/users/me/audit",
                handler=self.own,
                access=Access.USER,
                summary="Read what happened to your account, newest first",
                answers={200: ListOf(EVENT)},
                query=(
                    Param(name="limit", kind="int", default=50, minimum=1, maximum=100),
                    Param(
                        name="before",
                        kind="int",
                        minimum=1,
                        maximum=2**31 - 1,
                        help="The number of the last event of the page before",
                    ),
                ),
                tag="users",
            ),
            RouteDef(
                method="POST",
                path="/auth/reauthenticate",
                handler=self.confirm,
                access=Access.USER,
                summary="Confirm with your password that it is you",
                answers={204: None},
                body=CONFIRM,
                tag="auth",
                limit="sign-in",
                for_enrolment=True,
            ),
        )

    async def own(self, call: Call) -> list[dict[str, Any]]:
        """List one's own events."""
        below = call.query.get("before")
        rows = await self._audit.own(call.principal.user_id, call.query["limit"], below)
        return [_shown(row) for row in rows]

    async def confirm(self, call: Call) -> Reply:
        """Take the password."""
        password, code = call.body["password"], call.body.get("code")
        await self._recent.confirm(call.principal, password, code, source_of(call))
        return Reply(status=204)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    by = row["actor"] if row["actor"] in (ADMINISTRATOR, SHELL.user_id) else "you"
    return {name: by if name == "by" else row[name] for name in EVENT.fields}


def source_of(call: Call) -> Source:
    """Say who called, and from where, for the audit log."""
    caller = "" if call.caller is None else call.caller.user_id
    return Source(address=call.client, request_id=call.request_id, user_id=caller)
