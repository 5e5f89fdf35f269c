"""Diarium's media, which lie in folders named after the time of their entry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Final

from journiv.contracts.transfer import ImportedMedia
from journiv_import_formats.archives import Archive

_FOLDER: Final = re.compile(r"(?:.*/)?media/(\d{4}-\d\d-\d\d_\d{9})/[^/]+\Z", re.DOTALL)
_START: Final = datetime(1, 1, 1, tzinfo=UTC)
SECOND: Final = 1000


class DatedMedia:
    """The files of each entry, which it takes once; `orphans` are names that no entry fits.

    A folder belongs to the entry of its millisecond or one beside it, as programs round; else to
    the only entry of the same second.
    """

    def __init__(self, archive: Archive, dates: Iterable[str]) -> None:
        self._archive = archive
        self._taken: dict[int, list[str]] = {}
        self.orphans: list[str] = []
        known = {moment for date in dates if (moment := _milliseconds(date)) is not None}
        seconds: dict[int, list[int]] = {}
        for moment in known:
            seconds.setdefault(moment // SECOND, []).append(moment)
        for member in archive.members:
            folder = _FOLDER.match(member)
            if folder is None:
                continue
            at = _of_folder(folder[1])
            near = [one for one in (at, at - 1, at + 1) if one in known]
            same = seconds.get(at // SECOND, [])
            fitting = near[:1] or (same if len(same) == 1 else [])
            for moment in fitting:
                self._taken.setdefault(moment, []).append(member)
            if not fitting:
                self.orphans.append(member)

    def of(self, date: str) -> tuple[ImportedMedia, ...]:
        """Return the files of the first entry that asks with its date."""
        moment = _milliseconds(date)
        members = [] if moment is None else self._taken.pop(moment, [])
        return tuple(
            ImportedMedia(name=PurePosixPath(one).name, open=partial(self._archive.open, one))
            for one in members
        )


def _milliseconds(date: str) -> int | None:
    """Return what a clock showed, in whole milliseconds; the digits below are cut off."""
    try:
        moment = datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:
        return None
    since = moment - _START
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds // 1000


def _of_folder(name: str) -> int:
    """Return the same of a folder's name; -1 when no clock shows that."""
    day, _, clock = name.partition("_")
    text = f"{day}T{clock[:2]}:{clock[2:4]}:{clock[4:6]}.{clock[6:]}"
    moment = _milliseconds(text)
    return -2 * SECOND if moment is None else moment
