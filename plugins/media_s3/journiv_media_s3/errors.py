"""What an object store's refusals mean, in one sentence and without its internals."""

from __future__ import annotations

import re
from typing import Final

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

from journiv.domain.errors import JournivError, StorageFull, Unavailable

FAILURES: Final = (BaseError, FileNotFoundError)
"""What obstore raises when something is wrong at the other end."""

_CODE: Final = re.compile(r"<Code>(\w+)</Code>")
_STATUS: Final = re.compile(r"status code: (\d{3})")
_FULL: Final = frozenset({"QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"})
_REFUSED: Final = frozenset({
    "403", "401", "AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken",
    "SignatureDoesNotMatch",
})  # fmt: skip
_REGION: Final = frozenset({
    "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException",
})  # fmt: skip


def code_of(error: Exception) -> str:
    """Return the object store's own word for what is wrong, or its status, or nothing."""
    found = _CODE.search(str(error)) or _STATUS.search(str(error))
    return found[1] if found else ""


def is_missing(error: Exception) -> bool:
    """Say whether it is the object, and not its bucket, that is not there."""
    return isinstance(error, FileNotFoundError) and code_of(error) != "NoSuchBucket"


def domain_error(error: Exception, place: str) -> JournivError:
    """Return what a failure means for callers."""
    code = code_of(error)
    if code in _FULL or code == "507":
        return StorageFull("The object store is full.")
    if code == "NoSuchBucket":
        return Unavailable(f"There is no such bucket: {place}.")
    if code in _REGION or "redirect without LOCATION" in str(error):
        return Unavailable(f"The bucket is in another region than the one set: {place}.")
    if code == "RequestTimeTooSkewed":
        return Unavailable(f"The object store's clock and ours differ: {place}.")
    if code in _REFUSED or isinstance(error, (PermissionDeniedError, UnauthenticatedError)):
        return Unavailable(f"The object store refuses these keys ({code or 'denied'}): {place}.")
    if code:
        return Unavailable(f"The object store answers {code}: {place}.")
    return Unavailable(f"The object store does not answer: {place}.")
