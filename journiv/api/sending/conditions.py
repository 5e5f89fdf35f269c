"""Which part of some bytes a request wants, and whether it has them already (RFC 9110)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from aiohttp import ETag, web

from journiv.api.headers import single_header
from journiv.api.problems import HttpProblem

_RANGES: Final = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.ASCII)
_LONGEST_NUMBER: Final = 18


@dataclass(frozen=True, slots=True)
class Representation:
    """What is to be sent: its size, its strong validator, and the second it was made."""

    size: int
    etag: str
    modified: datetime

    @property
    def last_modified(self) -> str:
        """The instant as a header has it."""
        return format_datetime(self.modified.replace(microsecond=0), usegmt=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The bytes from `start` to before `end`; `is_part` when a range was asked for."""

    start: int
    end: int
    is_part: bool = False


def is_unmodified(request: web.Request, found: Representation) -> bool:
    """Say whether the client has these bytes already (304).

    Raises `HttpProblem` 412 when it wants others (If-Match, If-Unmodified-Since).
    """
    modified = found.modified.replace(microsecond=0)
    if (match := request.if_match) is not None:
        if not _matches(match, found.etag, weak=False):
            raise HttpProblem(412, "The file is another one by now.")
    elif (since := request.if_unmodified_since) is not None and modified > since:
        raise HttpProblem(412, "The file is another one by now.")
    if (none_match := request.if_none_match) is not None:
        return _matches(none_match, found.etag, weak=True)
    since = request.if_modified_since
    return since is not None and modified <= since


def wanted_of(request: web.Request, found: Representation) -> Wanted:
    """Return which bytes a request wants.

    Another unit than bytes is ignored (section 14.2), and so is a range under an `If-Range` that
    does not hold. Raises `HttpProblem` 416 for more than one range, and for one beyond the end.
    """
    whole = Wanted(0, found.size)
    header = single_header(request, "Range")
    if header is None or not header.lower().startswith("bytes"):
        return whole
    if not _if_range_holds(request, found):
        return whole
    parsed = _RANGES.fullmatch(header)
    if parsed is None or parsed[1] == parsed[2] == "" or len(header) > 2 * _LONGEST_NUMBER + 7:
        raise _refused(found)
    if not parsed[1]:
        length = int(parsed[2])
        start, end = max(0, found.size - length), found.size
    else:
        start = int(parsed[1])
        if parsed[2] and int(parsed[2]) < start:
            raise _refused(found)
        end = min(int(parsed[2]) + 1, found.size) if parsed[2] else found.size
    if start >= end:
        raise _refused(found)
    return Wanted(start, end, is_part=True)


def _refused(found: Representation) -> HttpProblem:
    return HttpProblem(416, "Invalid Range header", {"Content-Range": f"bytes */{found.size}"})


def _if_range_holds(request: web.Request, found: Representation) -> bool:
    header = single_header(request, "If-Range")
    if header is None:
        return True
    if header.startswith(('"', "W/")):
        return header == f'"{found.etag}"'
    try:
        return parsedate_to_datetime(header) == found.modified.replace(microsecond=0)
    except (TypeError, ValueError):
        return False


def _matches(tags: tuple[ETag, ...], etag: str, *, weak: bool) -> bool:
    return any(
        tag.value == "*" or (tag.value == etag and (weak or not tag.is_weak)) for tag in tags
    )
