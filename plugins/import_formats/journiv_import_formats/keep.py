"""Google Keep as Takeout packs it: a JSON document for each note, with its attachments beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Rejected
from journiv.domain.errors import BadRequest
from journiv_import_formats.archives import Archive, opened
from journiv_import_formats.attached import Attachments, collected
from journiv_import_formats.document_importer import DocumentImporter
from journiv_import_formats.documents import digest, documents, starts, stem
from journiv_import_formats.fields import epoch, fitted, rows, tags, text, titled

JOURNAL: Final = "Google Keep"
LOOKED_AT: Final = 3
MICROSECONDS: Final = 1_000_000


class KeepImporter(DocumentImporter):
    """Reads the notes of a Takeout, whatever the language has made of their folder's name."""

    format = "google-keep"
    summary = "Google Keep: the Takeout archive (ZIP or .tgz), with attachments"
    suffixes = (".zip", ".tgz", ".tar.gz", ".json")
    also = ("keep",)

    def recognises(self, source: Path) -> bool:
        """See `Importer`; its documents may be anywhere among those of other products."""
        with opened(source) as archive:
            return bool(self._notes(archive))

    def looks_right(self, start: bytes) -> bool:
        """See `DocumentImporter`."""
        return b'"userEditedTimestampUsec"' in start or b'"createdTimestampUsec"' in start

    def names(self, archive: Archive) -> list[str]:
        """See `DocumentImporter`."""
        found = self._notes(archive)
        if not found:
            raise BadRequest("There is no note of Google Keep in it.")
        return found

    def _notes(self, archive: Archive) -> list[str]:
        """Return the documents of folders in which one of the first is a note."""
        folders: dict[str, list[str]] = {}
        for name in documents(archive):
            folders.setdefault(name.rpartition("/")[0], []).append(name)
        return [
            name
            for names in folders.values()
            if any(self.looks_right(starts(archive, one)) for one in names[:LOOKED_AT])
            for name in names
        ]

    def record(
        self, value: Mapping[str, Any], where: str, name: str, attachments: Attachments
    ) -> ImportedEntry | Rejected:
        """See `DocumentImporter`."""
        at = epoch(value, "createdTimestampUsec", MICROSECONDS)
        at = at or epoch(value, "userEditedTimestampUsec", MICROSECONDS)
        if at is None:
            return Rejected(where=where, reason="has no instant in 'createdTimestampUsec'")
        if value.get("isTrashed") is True:
            return Rejected(where=where, reason="lies in the trash of Google Keep")
        media, lost = _media(value, attachments)
        title, content = titled(text(value, "title"), "\n\n".join(filter(None, _parts(value))))
        archived = ("It was archived and came in like the others.",)
        return ImportedEntry(
            where=where,
            ref=fitted(f"{at}-{stem(name)}", 255) if name else digest(value),
            title=title,
            content=content,
            at=at,
            tags=tags(text(label, "name") for label in rows(value, "labels")),
            is_pinned=value.get("isPinned") is True,
            journal=JOURNAL,
            media=media,
            remarks=(*lost, *(archived if value.get("isArchived") is True else ())),
        )


def _parts(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield the text, the list (its indents are lost in a Takeout) and the links below."""
    body = text(value, "textContent")
    yield body
    yield "\n".join(
        f"- [{'x' if item.get('isChecked') is True else ' '}] {text(item, 'text')}"
        for item in rows(value, "listContent")
    )
    links = (link for link in rows(value, "annotations") if text(link, "url"))
    yield "\n".join(_link(link) for link in links if text(link, "url") not in body)


def _link(link: Mapping[str, Any]) -> str:
    title = fitted(text(link, "title"), 200).translate(str.maketrans("[]", "()"))
    url = text(link, "url")
    is_plain = url.startswith(("http://", "https://")) and not set(url) & set(" ()<>\n")
    return f"[{title}]({url})" if title and is_plain else url


def _media(
    value: Mapping[str, Any], attachments: Attachments
) -> tuple[tuple[ImportedMedia, ...], list[str]]:
    """Return the files by name; a Takeout says `.jpeg` of what it packs as `.jpg`."""
    names = (text(one, "filePath") for one in rows(value, "attachments"))
    return collected((name, _file(name, attachments)) for name in names)


def _file(name: str, attachments: Attachments) -> ImportedMedia | None:
    path = PurePosixPath(name.replace("\\", "/"))
    return attachments.named(name) or attachments.stemmed(path.stem) if path.name else None
