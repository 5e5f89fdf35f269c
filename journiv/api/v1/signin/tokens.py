"""Personal access tokens, for scripts and other programs (decisions, "Additive API")."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.accounts.account_shapes import NAME
from journiv.api.v1.accounts.audit import source_of
from journiv.contracts.records import AccessTokenRecord
from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.domain.personal_token import PREFIX, SCOPES
from journiv.services.signin.access_tokens import AccessTokenService

DEFAULT_DAYS: Final = 90
_AT: Final = {"type": "instant", "required": True}
_TEXT: Final = {"type": "text", "required": True}
_SCOPES: Final = {
    "type": "list",
    "required": True,
    "minlength": 1,
    "maxlength": len(SCOPES),
    "schema": {"type": "text", "allowed": list(SCOPES)},
}
CREATE: Final = Schema(
    "AccessTokenCreate",
    {
        "name": NAME,
        "scopes": _SCOPES,
        "expires_in_days": {"type": "integer", "min": 1, "max": 365},
    },
)
TOKEN: Final = Schema(
    "AccessToken",
    {
        "id": {"type": "uuid", "required": True},
        "name": _TEXT,
        "starts_with": _TEXT,
        "scopes": {"type": "list", "required": True, "schema": {"type": "text"}},
        "created_at": _AT,
        "expires_at": _AT,
        "last_used_at": {"type": "instant", "required": True, "nullable": True},
    },
)
CREATED: Final = Schema("AccessTokenCreated", {**TOKEN.fields, "token": _TEXT})


class TokenRoutes:
    """Makes, lists and revokes the caller's tokens. No token reaches these routes itself."""

    def __init__(self, tokens: AccessTokenService) -> None:
        self._tokens = tokens

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/tokens",
                handler=self.listing,
                access=Access.USER,
                summary="List your personal access tokens, newest first",
                answers={200: ListOf(TOKEN)},
                tag="tokens",
            ),
            RouteDef(
                method="POST",
                path="/tokens",
                handler=self.create,
                access=Access.USER,
                summary="Make a personal access token; it is shown this once",
                answers={201: CREATED},
                body=CREATE,
                tag="tokens",
                keeps_answer=False,
            ),
            RouteDef(
                method="DELETE",
                path="/tokens/{token_id}",
                handler=self.revoke,
                access=Access.USER,
                summary="Revoke a personal access token",
                answers={204: None},
                tag="tokens",
            ),
        )

    async def listing(self, call: Call) -> list[dict[str, Any]]:
        """List tokens."""
        return [_shown(token) for token in await self._tokens.of(call.principal)]

    async def create(self, call: Call) -> dict[str, Any]:
        """Make a token."""
        body = call.body
        days = body.get("expires_in_days", DEFAULT_DAYS)
        made = await self._tokens.create(
            call.principal, body["name"], body["scopes"], days, source_of(call)
        )
        return {**_shown(made.record), "token": made.token}

    async def revoke(self, call: Call) -> Reply:
        """Revoke a token."""
        await self._tokens.revoke(call.principal, call.path["token_id"], source_of(call))
        return Reply(status=204)


def _shown(token: AccessTokenRecord) -> dict[str, Any]:
    return {
        "id": token["id"],
        "name": token["name"],
        "starts_with": f"{PREFIX}{token['hint']}",
        "scopes": token["scopes"].split(),
        "created_at": token["created_at"],
        "expires_at": token["expires_at"],
        "last_used_at": token["last_used_at"],
    }
