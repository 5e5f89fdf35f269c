"""Files of an archive that belong to an entry."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import PurePosixPath

from journiv.contracts.transfer import ImportedMedia
from journiv_import_formats.archives import Archive
from journiv_import_formats.fields import fitted


class Attachments:
    """The files below some folders of an archive, found by name, by stem or by path."""

    def __init__(self, archive: Archive, folders: Iterable[str] = ("",)) -> None:
        self._archive = archive
        self._names: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._several: set[str] = set()
        wanted = tuple(folder.lower() for folder in folders)
        for name in archive.members:
            if name.lower().startswith(wanted):
                path = PurePosixPath(name.lower())
                if path.name in self._names:
                    self._several.add(path.name)
                self._names.setdefault(path.name, name)
                self._stems.setdefault(path.stem, name)

    def named(self, name: str, alt_text: str | None = None) -> ImportedMedia | None:
        """Return the file of that base name, wherever it lies; the case of letters is ignored."""
        return self._media(self._names.get(_base(name)), alt_text)

    def only(self, name: str) -> ImportedMedia | None:
        """Return the file of that base name unless there are several of it."""
        return None if _base(name) in self._several else self.named(name)

    def stemmed(self, stem: str) -> ImportedMedia | None:
        """Return the file of that name whatever its ending is."""
        return self._media(self._stems.get(stem.lower()))

    def at(self, path: str, alt_text: str | None = None) -> ImportedMedia | None:
        """Return the file of exactly that name inside the archive."""
        return self._media(path if path in self._archive.members else None, alt_text)

    def _media(self, member: str | None, alt_text: str | None = None) -> ImportedMedia | None:
        if member is None:
            return None
        name = PurePosixPath(member).name
        opened = partial(self._archive.open, member)
        return ImportedMedia(name=name, open=opened, alt_text=alt_text or None)


def collected(
    wanted: Iterable[tuple[str, ImportedMedia | None]],
) -> tuple[tuple[ImportedMedia, ...], list[str]]:
    """Return files by what they are called, each once, and what the report says of missing ones."""
    found: dict[str, ImportedMedia] = {}
    lost: list[str] = []
    for name, media in wanted:
        if media is None:
            lost.append(missing(name))
        else:
            found.setdefault(media.name, media)
    return tuple(found.values()), lost


def missing(name: str) -> str:
    """Return what the report says of a file that an entry has and the archive does not."""
    return f"Its file '{fitted(name, 60)}' is not in the archive."


def _base(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.lower()
