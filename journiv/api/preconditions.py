"""`ETag` and `If-Match` (RFC 9110 §13.1.1) over the versions of entries."""

from __future__ import annotations

import re
from typing import Any, Final

from journiv.api.problems import HttpProblem
from journiv.contracts.routes import Call, Reply
from journiv.services.journal.entry_values import Condition

OVERWROTE: Final = "X-Overwrote-Version"

_TAG: Final = re.compile(r'(W/)?"(\d{1,15})"', re.ASCII)


def tagged(entry: Any, *, status: int | None = None, overwrote: int | None = None) -> Reply:
    """Answer with an entry and the `ETag` of its version."""
    headers = {"ETag": f'"{entry["version"]}"'}
    if overwrote is not None:
        headers[OVERWROTE] = str(overwrote)
    return Reply(payload=entry, status=status, headers=headers)


def condition_of(call: Call, *, required: bool, updated_at: str | None = None) -> Condition:
    """Return what must still be so. Raises `HttpProblem` 428 when it must be said and is not.

    `*` asks for nothing but that the entry exists. Tags that are weak or not ours never match.
    """
    sent = call.request.headers.getall("If-Match", ())
    if not sent:
        if required and updated_at is None:
            raise HttpProblem(428, "Send If-Match with the ETag of the version you have read.")
        return Condition(updated_at=updated_at)
    header = ", ".join(sent)  # a list may be sent in pieces
    if header.strip() == "*":
        return Condition(updated_at=updated_at)
    versions = frozenset(int(found[2]) for found in _TAG.finditer(header) if found[1] is None)
    return Condition(versions=versions, updated_at=updated_at)
