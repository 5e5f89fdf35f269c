"""The query of an address that opens without a token."""

from __future__ import annotations

from typing import Final

from journiv.contracts.routes import Call, Param
from journiv.domain.errors import Forbidden
from journiv.domain.ids import parse_id
from journiv.services.signing import REFUSED, Claim

PROOF: Final = (
    Param(name="uid", kind="text", maximum=36),
    Param(name="exp", kind="int", minimum=0),
    Param(name="sig", kind="text", maximum=100),
)


def claim_of(call: Call) -> Claim:
    """Return what an address says of itself. Raises `Forbidden` when a part is missing."""
    query = call.query
    user_id = parse_id(query["uid"] or "")
    if user_id is None or query["exp"] is None or query["sig"] is None:
        raise Forbidden(REFUSED)
    return Claim(user_id=user_id, expires=query["exp"], proof=query["sig"])
