"""Every error as an answer: `application/problem+json` (RFC 9457), in this one place.

`detail` is always a sentence. Refused input adds `error`, `message` and `errors` (the same list),
which clients of the published API read. What somebody sent is never echoed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web

from journiv.api.limits import RateLimited
from journiv.domain import errors
from journiv.domain.errors import JournivError, Violation

CONTENT_TYPE = "application/problem+json"

_STATUS: Mapping[type[JournivError], int] = {
    errors.BadRequest: 400,
    errors.AuthenticationFailed: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    errors.Unprocessable: 422,
    errors.TooMany: 429,
    errors.NotSupported: 501,
    errors.Unavailable: 503,
    errors.StorageFull: 507,
}


class HttpProblem(JournivError):
    """A refusal that exists only in HTTP (415, 421, 428…). Raised at the edge, nowhere below."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})


def status_of(error: JournivError) -> int:
    """Return the status of a domain error; a subclass has that of its nearest base."""
    if isinstance(error, HttpProblem):
        return error.status
    for kind in type(error).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    return 500


def from_error(error: JournivError, request_id: str) -> web.Response:
    """Answer an error that the domain or the edge raised."""
    status = status_of(error)
    if status == 500:
        return unexpected(request_id)
    return problem(status, error.detail, request_id, _members(error), _headers(error))


def from_http(error: web.HTTPException, request_id: str) -> web.Response:
    """Answer what aiohttp raised: 404, 405 with `Allow`, 413."""
    if error.status == 413:
        return problem(413, "The body is larger than this server accepts.", request_id)
    headers = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
    return problem(error.status, _phrase(error.status), request_id, headers=headers)


def unexpected(request_id: str) -> web.Response:
    """Answer a bug: the request id leads to the log, and nothing else is told."""
    members = {"error": "internal_server_error", "message": "Something went wrong here."}
    return problem(500, "An unexpected error occurred.", request_id, members)


def problem(
    status: int,
    detail: str,
    request_id: str,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Build the answer itself."""
    body = {
        "type": "about:blank",
        "title": _phrase(status),
        "status": status,
        "detail": detail,
        "request_id": request_id,
        **(members or {}),
    }
    sent = {"Content-Type": CONTENT_TYPE, **(headers or {})}
    response = web.Response(body=orjson.dumps(body), status=status, headers=sent)
    if status == HTTPStatus.REQUEST_TIMEOUT:
        response.force_close()  # the rest of that body is nobody's next request
    return response


def _members(error: JournivError) -> Mapping[str, Any]:
    match error:
        case errors.Invalid():
            found = violation_list(error.violations)
            return {"error": "validation_error", "message": found, "errors": found}
        case errors.SecondFactorNeeded():
            return {"error": "mfa_required", "mfa_token": error.token}
        case errors.LinkNeeded():
            return {"error": "link_required", "link_token": error.token, "email": error.email}
        case errors.ReauthRequired():
            return {"error": "reauth-required"}
        case errors.EnrolmentRequired():
            return {"error": "mfa-enrolment-required"}
        case errors.PreconditionFailed():
            return {"current": error.current}
        case errors.TooMany():
            return {
                "error": "Rate limit exceeded",
                "message": error.detail,
                "retry_after": error.retry_after,
            }
    return {}


def _headers(error: JournivError) -> Mapping[str, str]:
    match error:
        case HttpProblem():
            return error.headers
        case errors.AuthenticationFailed():
            return {"WWW-Authenticate": "Bearer"}
        case RateLimited():
            return {"Retry-After": str(error.retry_after), **error.headers()}
        case errors.TooMany() | errors.Unavailable():
            return {"Retry-After": str(error.retry_after)}
    return {}


def violation_list(violations: Sequence[Violation]) -> list[dict[str, Any]]:
    """Write violations the way clients of the published API read them."""
    return [{"type": one.rule, "loc": list(one.loc), "msg": one.msg} for one in violations]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
