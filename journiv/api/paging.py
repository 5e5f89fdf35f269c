"""Pages of bare arrays: `limit` and `offset`, or `after` with the cursor of the page before.

A page that may have a successor carries its cursor in `X-Next-Cursor`. Cursors are opaque.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from journiv.contracts.repositories.entries import Cursor, Page
from journiv.contracts.routes import Param, Reply
from journiv.domain.clock import parse_instant
from journiv.domain.errors import Invalid, Violation

NEXT_CURSOR: Final = "X-Next-Cursor"
PAGE_PARAMS: Final = (
    Param(name="limit", kind="int", default=50, minimum=1, maximum=100),
    Param(name="offset", kind="int", default=0, minimum=0),
    Param(name="after", kind="text", maximum=200, help="The `X-Next-Cursor` of the page before."),
)

_CURSOR: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})([01])",
    re.ASCII,
)


def page_of(query: Mapping[str, Any]) -> Page:
    """Return the page that a query asks for. Raises `Invalid` for a cursor that is none."""
    after = query["after"]
    return Page(
        limit=query["limit"],
        offset=query["offset"],
        after=None if after is None else _cursor(after),
    )


def paged(records: Sequence[Mapping[str, Any]], page: Page, time_key: str) -> Any:
    """Answer with a page that is ordered by the instant under `time_key`, newest first."""
    if len(records) < page.limit:
        return records
    last = records[-1]
    place = f"{last[time_key]}{last['id']}{int(last.get('is_pinned', False))}"
    cursor = base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
    return Reply(payload=records, headers={NEXT_CURSOR: cursor})


def _cursor(text: str) -> Cursor:
    try:
        place = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        place = ""
    found = _CURSOR.fullmatch(place)
    if found is None or parse_instant(found[1]) != found[1]:
        msg = "This is not a cursor of this list."
        raise Invalid([Violation(("query", "after"), "cursor_parsing", msg)])
    return Cursor(found[1], found[2], pinned=found[3] == "1")
