"""Imports and exports: one runner a process, and the services and routes around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from journiv.api.sending.sending import FileSending
from journiv.api.v1.transfer.exports import ExportRoutes
from journiv.api.v1.transfer.imports import ImportRoutes
from journiv.config import Settings
from journiv.contracts.jobs import Job
from journiv.contracts.routes import RouteDef
from journiv.contracts.transfer import Exporter, Importer
from journiv.domain.clock import Clock
from journiv.loader import Providers
from journiv.services.media.adding import MediaAdding
from journiv.services.server.scheduler import NamedJob
from journiv.services.transfer.cleaning import TransferCleaning
from journiv.services.transfer.exports import ExportService
from journiv.services.transfer.files import TransferFiles
from journiv.services.transfer.imports import ImportService
from journiv.services.transfer.links import ExportLinks
from journiv.services.transfer.media_intake import AccountMedia, UploadIntake
from journiv.services.transfer.restore import AccountRestore
from journiv.services.transfer.runner import TransferRunner
from journiv.services.transfer.transfers import TransferService
from journiv.services.transfer.work import ExportWork, ImportWork, UndoWork

DEFAULT_FORMAT: Final = "archive"
CLEANING_EVERY: Final = 3600.0
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferParts:
    """What carries out imports and exports, and what takes requests for them."""

    files: TransferFiles
    runner: TransferRunner
    service: TransferService
    links: ExportLinks
    cleaning: NamedJob


def transfer_parts(
    settings: Settings,
    clock: Clock,
    providers: Providers,
    importers: Mapping[str, Importer],
    exporters: Mapping[str, Exporter],
    adding: MediaAdding,
    keys: tuple[bytes, ...],
) -> TransferParts:
    """Wire the transfers of one process; `keys` sign addresses. Nothing runs yet."""
    store = providers.store
    files = TransferFiles(providers.media, settings.data / "transfers")
    imports = ImportService(store, clock, UploadIntake(store, adding))
    restore = AccountRestore(store, AccountMedia(store, adding))
    runner = TransferRunner(
        store,
        clock,
        files,
        {
            "import": ImportWork(store, clock, files, importers, imports, restore),
            "export": ExportWork(
                clock, files, exporters, ExportService(store, clock, providers.media)
            ),
            "undo": UndoWork(store, clock),
        },
    )
    cleaning = TransferCleaning(store, clock, providers.media, settings.export_cleanup_days)
    return TransferParts(
        files=files,
        runner=runner,
        service=TransferService(store, clock, files, importers, exporters, runner.wake),
        links=ExportLinks(store, clock, keys),
        cleaning=NamedJob(
            "journiv.clean-transfers",
            Job(name="clean-transfers", every=CLEANING_EVERY, run=cleaning.run),
        ),
    )


def transfer_routes(
    settings: Settings, parts: TransferParts, sending: FileSending
) -> Iterable[RouteDef]:
    """Exports and imports."""
    exports = ExportRoutes(parts.service, parts.links, sending, settings.public_url, DEFAULT_FORMAT)
    yield from exports.routes()
    limit = settings.import_export_max_file_size_mb * MEGABYTE
    yield from ImportRoutes(parts.service, limit).routes()
