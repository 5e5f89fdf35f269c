"""When a picture was taken, by its Exif (Exif 2.32 §4.6.6.F)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from journiv.domain.clock import instant

_TAKEN: Final = 0x9003
_OFFSET: Final = 0x9011
_TIME: Final = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_ZONE: Final = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)


def of_exif(exif: Mapping[int, Any]) -> str | None:
    """Return a wire instant, a local time when no offset is said, None when nothing is."""
    said = _TIME.match(str(exif.get(_TAKEN, "")))
    if said is None:
        return None
    try:
        taken = datetime.strptime(said[0], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - zone apart
    except ValueError:
        return None
    zone = _ZONE.match(str(exif.get(_OFFSET, "")))
    if zone is None:
        return taken.isoformat(timespec="seconds")
    offset = timedelta(hours=int(zone[2]), minutes=int(zone[3]))
    try:
        return instant(taken.replace(tzinfo=timezone(-offset if zone[1] == "-" else offset)))
    except (ValueError, OverflowError):  # no such offset, or beyond the calendar
        return None
