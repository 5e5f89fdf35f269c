"""What importers of JSON documents share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from journiv.contracts.transfer import ImportedEntry, Importer, Rejected
from journiv.domain.errors import BadRequest
from journiv_import_formats.archives import Archive, opened
from journiv_import_formats.attached import Attachments
from journiv_import_formats.documents import any_document, count, documents, records


class DocumentImporter(Importer):
    """Reads records of JSON documents, alone or in an archive with their files.

    `arrays` are the members of a document that hold its records, none where a document is one.
    """

    arrays: tuple[str, ...] = ()

    def recognises(self, source: Path) -> bool:
        """See `Importer`."""
        with opened(source) as archive:
            return any_document(archive, self.looks_right)

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`."""
        with opened(source) as archive:
            attachments = Attachments(archive)
            for name in self.names(archive):
                for where, element in records(archive, name, *self.arrays):
                    if element.value is None:
                        yield Rejected(where=where, reason=element.reason)
                    else:
                        yield self.record(element.value, where, name, attachments)

    def count(self, source: Path) -> int:
        """See `Importer`."""
        with opened(source) as archive:
            return sum(count(archive, name, *self.arrays) for name in self.names(archive))

    def names(self, archive: Archive) -> list[str]:
        """Return the documents to read. Raises `BadRequest` when there are none."""
        found = documents(archive)
        if not found:
            raise BadRequest("There is no JSON document in it.")
        return found

    @abstractmethod
    def looks_right(self, start: bytes) -> bool:
        """Say whether a document that begins like this is one of the format."""

    @abstractmethod
    def record(
        self, value: Mapping[str, Any], where: str, name: str, attachments: Attachments
    ) -> ImportedEntry | Rejected:
        """Return what a record of the document `name` holds."""
