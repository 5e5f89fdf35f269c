"""Diaries of other programs."""

from __future__ import annotations

from collections.abc import Iterable

from journiv import hookimpl
from journiv.contracts.transfer import Importer

JOURNIV_API = "0.1"


@hookimpl
def journiv_register_importers() -> Iterable[Importer]:
    """Offer every format that is read here."""
    from journiv_import_formats.daily_you import DailyYouImporter
    from journiv_import_formats.daylio import DaylioImporter
    from journiv_import_formats.daylio_csv import DaylioTableImporter
    from journiv_import_formats.dayone import DayOneImporter
    from journiv_import_formats.diarium import DiariumImporter
    from journiv_import_formats.journey import JourneyImporter
    from journiv_import_formats.journiv_backup import JournivBackupImporter
    from journiv_import_formats.jrnl import JrnlImporter
    from journiv_import_formats.jrnl_text import JrnlTextImporter
    from journiv_import_formats.keep import KeepImporter
    from journiv_import_formats.markdown import MarkdownImporter, MarkdownTagsImporter
    from journiv_import_formats.memos import MemosImporter

    return [
        JournivBackupImporter(),
        DayOneImporter(),
        DaylioImporter(),
        DaylioTableImporter(),
        JourneyImporter(),
        KeepImporter(),
        DiariumImporter(),
        MemosImporter(),
        JrnlImporter(),
        JrnlTextImporter(),
        DailyYouImporter(),
        MarkdownImporter(),
        MarkdownTagsImporter(),
    ]
