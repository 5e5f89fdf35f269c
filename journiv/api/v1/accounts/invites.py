"""Invitations and reset links (decisions, "Additive API")."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.accounts.account_shapes import PASSWORD
from journiv.api.v1.accounts.audit import source_of
from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.services.accounts.invites import Invite, Invites
from journiv.services.accounts.resets import Resets
from journiv.services.signin.recent_auth import RecentAuth

_AT: Final = {"type": "instant", "required": True}
_TEXT: Final = {"type": "text", "required": True}
INVITE: Final = Schema(
    "Invite",
    {"id": {"type": "uuid", "required": True}, "created_at": _AT, "expires_at": _AT},
)
INVITED: Final = Schema("InviteCreated", {**INVITE.fields, "token": _TEXT, "url": _TEXT})
LINK: Final = Schema("ResetLink", {"token": _TEXT, "url": _TEXT, "expires_at": _AT})
RESET: Final = Schema(
    "PasswordReset",
    {"token": {"type": "text", "required": True, "maxlength": 200}, "password": PASSWORD},
)


class InviteRoutes:
    """Lets administrators hand out links, and people use the one that sets a password."""

    def __init__(self, invites: Invites, resets: Resets, recent: RecentAuth) -> None:
        self._invites = invites
        self._resets = resets
        self._recent = recent

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/admin/invites",
                handler=self.listing,
                access=Access.ADMIN,
                summary="List the invitations that still work, newest first",
                answers={200: ListOf(INVITE)},
                tag="admin",
            ),
            RouteDef(
                method="POST",
                path="/admin/invites",
                handler=self.invite,
                access=Access.ADMIN,
                summary="Make a link that opens one account within seven days",
                answers={201: INVITED},
                tag="admin",
                keeps_answer=False,
            ),
            RouteDef(
                method="DELETE",
                path="/admin/invites/{invite_id}",
                handler=self.withdraw,
                access=Access.ADMIN,
                summary="Withdraw an invitation",
                answers={204: None},
                tag="admin",
            ),
            RouteDef(
                method="POST",
                path="/admin/users/{user_id}/reset-link",
                handler=self.link,
                access=Access.ADMIN,
                summary="Make a link with which somebody sets a new password within 30 minutes",
                answers={201: LINK},
                tag="admin",
                keeps_answer=False,
            ),
            RouteDef(
                method="POST",
                path="/auth/reset",
                handler=self.reset,
                access=Access.PUBLIC,
                summary="Set a new password by a reset link, then sign in with it",
                answers={204: None},
                body=RESET,
                tag="auth",
                limit="sign-in",
            ),
        )

    async def listing(self, call: Call) -> list[dict[str, Any]]:
        """List invitations."""
        return [_shown(invite) for invite in await self._invites.listing()]

    async def invite(self, call: Call) -> dict[str, Any]:
        """Make an invitation."""
        invite, link = await self._invites.create(call.principal, source_of(call))
        return {**_shown(invite), "token": link.token, "url": link.url}

    async def withdraw(self, call: Call) -> Reply:
        """Withdraw an invitation."""
        await self._invites.withdraw(call.principal, call.path["invite_id"], source_of(call))
        return Reply(status=204)

    async def link(self, call: Call) -> dict[str, Any]:
        """Make a reset link, soon after signing in."""
        self._recent.require(call.principal)
        link = await self._resets.create(call.path["user_id"], source_of(call))
        return {"token": link.token, "url": link.url, "expires_at": link.expires_at}

    async def reset(self, call: Call) -> Reply:
        """Set a password; no session is opened."""
        await self._resets.redeem(call.body["token"], call.body["password"], source_of(call))
        return Reply(status=204)


def _shown(invite: Invite) -> dict[str, Any]:
    return {"id": invite.id, "created_at": invite.created_at, "expires_at": invite.expires_at}
