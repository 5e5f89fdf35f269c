"""The second factor (decisions, "Additive API")."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.accounts.audit import source_of
from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import Schema
from journiv.services.factors.totp import TotpService

_TEXT: Final = {"type": "text", "required": True}
CODE: Final = Schema("SecondFactorCode", {"code": {**_TEXT, "maxlength": 64}})
STATUS: Final = Schema(
    "SecondFactor",
    {
        "is_on": {"type": "boolean", "required": True},
        "recovery_codes_left": {"type": "integer", "required": True},
    },
)
ENROLMENT: Final = Schema("SecondFactorEnrolment", {"secret": _TEXT, "url": _TEXT})
RECOVERY: Final = Schema(
    "RecoveryCodes",
    {"recovery_codes": {"type": "list", "required": True, "schema": {"type": "text"}}},
)


class TotpRoutes:
    """Lets people switch their second factor on and off."""

    def __init__(self, totp: TotpService) -> None:
        self._totp = totp

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/users/me/totp",
                handler=self.status,
                access=Access.USER,
                summary="Whether your second factor is on",
                answers={200: STATUS},
                tag="users",
                for_enrolment=True,
            ),
            RouteDef(
                method="POST",
                path="/users/me/totp",
                handler=self.enrol,
                access=Access.USER,
                summary="Get a secret for an authenticator app",
                answers={201: ENROLMENT},
                tag="users",
                keeps_answer=False,
                for_enrolment=True,
            ),
            RouteDef(
                method="POST",
                path="/users/me/totp/confirm",
                handler=self.confirm,
                access=Access.USER,
                summary="Switch the second factor on; recovery codes are shown this once",
                answers={200: RECOVERY},
                body=CODE,
                tag="users",
                limit="sign-in",
                keeps_answer=False,
                for_enrolment=True,
            ),
            RouteDef(
                method="POST",
                path="/users/me/totp/disable",
                handler=self.switch_off,
                access=Access.USER,
                summary="Switch the second factor off",
                answers={204: None},
                body=CODE,
                tag="users",
                limit="sign-in",
            ),
        )

    async def status(self, call: Call) -> dict[str, Any]:
        """Say whether it is on."""
        is_on, left = await self._totp.status(call.principal)
        return {"is_on": is_on, "recovery_codes_left": left}

    async def enrol(self, call: Call) -> dict[str, Any]:
        """Make a secret."""
        made = await self._totp.enrol(call.principal)
        return {"secret": made.secret, "url": made.url}

    async def confirm(self, call: Call) -> dict[str, Any]:
        """Switch it on."""
        codes = await self._totp.confirm(call.principal, call.body["code"], source_of(call))
        return {"recovery_codes": codes}

    async def switch_off(self, call: Call) -> Reply:
        """Switch it off."""
        await self._totp.switch_off(call.principal, call.body["code"], source_of(call))
        return Reply(status=204)
