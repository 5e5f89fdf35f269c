"""The store: where a unit of work runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from journiv.contracts.copying import Copying, Layout
from journiv.contracts.findings import Finding
from journiv.contracts.repositories import (
    AccessTokens,
    AuditLog,
    Entries,
    Holdings,
    Identities,
    Insights,
    Installation,
    Journals,
    KeyValues,
    Leases,
    Media,
    MediaFiles,
    MoodLogs,
    Moods,
    Prompts,
    Replies,
    Revisions,
    Sessions,
    Settings,
    Tags,
    Timeline,
    Transfers,
    Trash,
    Uploads,
    Users,
)
from journiv.domain.errors import NotSupported
from journiv.domain.scope import Scope

NO_FILE: Final = (
    "This database is no file that could be put aside. Make an empty database, lead DATABASE_URL "
    "there, and restore into that; the present one stays as it is."
)

T = TypeVar("T")


class Transaction(ABC):
    """One unit of work: a repository per aggregate, all bound to `scope`.

    Repositories are made on first use. Writing in a read transaction raises `RuntimeError`; so
    does what needs `SystemScope` in a person's, and a person's data in `SystemScope`.
    """

    scope: Scope

    @property
    @abstractmethod
    def users(self) -> Users:
        """Accounts."""

    @property
    @abstractmethod
    def identities(self) -> Identities:
        """How accounts sign in."""

    @property
    @abstractmethod
    def settings(self) -> Settings:
        """The person's preferences."""

    @property
    @abstractmethod
    def sessions(self) -> Sessions:
        """Sign-ins."""

    @property
    @abstractmethod
    def access_tokens(self) -> AccessTokens:
        """Personal access tokens."""

    @property
    @abstractmethod
    def audit(self) -> AuditLog:
        """The audit log."""

    @property
    @abstractmethod
    def installation(self) -> Installation:
        """The row about this installation."""

    @property
    @abstractmethod
    def kv(self) -> KeyValues:
        """The small store of plugins."""

    @property
    @abstractmethod
    def leases(self) -> Leases:
        """Who runs which job."""

    @property
    @abstractmethod
    def replies(self) -> Replies:
        """Answers kept for `Idempotency-Key`."""

    @property
    @abstractmethod
    def journals(self) -> Journals:
        """Journals."""

    @property
    @abstractmethod
    def entries(self) -> Entries:
        """Live entries and drafts."""

    @property
    @abstractmethod
    def trash(self) -> Trash:
        """What was thrown away."""

    @property
    @abstractmethod
    def revisions(self) -> Revisions:
        """Earlier texts."""

    @property
    @abstractmethod
    def timeline(self) -> Timeline:
        """Moments in the order of time."""

    @property
    @abstractmethod
    def tags(self) -> Tags:
        """Tags."""

    @property
    @abstractmethod
    def moods(self) -> Moods:
        """The catalogue of moods."""

    @property
    @abstractmethod
    def mood_logs(self) -> MoodLogs:
        """Moods noted."""

    @property
    @abstractmethod
    def prompts(self) -> Prompts:
        """The catalogue of prompts."""

    @property
    @abstractmethod
    def insights(self) -> Insights:
        """Rollups."""

    @property
    @abstractmethod
    def transfers(self) -> Transfers:
        """Imports and exports in the background."""

    @property
    @abstractmethod
    def media(self) -> Media:
        """Files that belong to entries."""

    @property
    @abstractmethod
    def uploads(self) -> Uploads:
        """Files that are being sent in pieces."""

    @property
    @abstractmethod
    def media_files(self) -> MediaFiles:
        """The files behind everybody's media."""

    @property
    @abstractmethod
    def holdings(self) -> Holdings:
        """All that the person wrote, as rows of an archive."""

    @abstractmethod
    def as_user(self, user_id: str) -> Transaction:
        """Return the same transaction bound to one person (from `SystemScope` only)."""


Work = Callable[[Transaction], T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a store can do beyond the contract."""

    full_text: bool = True
    online_backup: bool = False
    several_processes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaStatus:
    """Which schema revision the database has and which this release knows."""

    current: str | None
    head: str
    compatible: bool

    @property
    def up_to_date(self) -> bool:
        """Say whether nothing is to be migrated."""
        return self.current == self.head


class Store(AbstractAsyncContextManager["Store"]):
    """Keeps everything. Open it with `async with`; the schema is migrated by `migrate()`."""

    capabilities: Capabilities = Capabilities()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @abstractmethod
    async def open(self) -> None:
        """Connect. Raises `Unavailable` when the database cannot be reached (worth retrying)."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what was accepted and let go."""

    @abstractmethod
    async def read(self, scope: Scope, work: Work[T], *, long: bool = False) -> T:
        """Run `work` on one snapshot and return its result.

        `long` says that it may take more than a millisecond (search, export). It may run twice.
        """

    @abstractmethod
    async def write(self, scope: Scope, work: Work[T]) -> T:
        """Run `work` in one transaction and return its result once it is durable.

        An exception rolls the unit back and is raised here. It may run twice. Raises
        `StorageFull` without room, `Unavailable` when the database is busy for too long.
        """

    @abstractmethod
    def revision(self) -> object:
        """Return a value that differs after any change by any process; cheap, for caches."""

    @abstractmethod
    async def schema_status(self) -> SchemaStatus:
        """Compare the database's schema with this release's."""

    @abstractmethod
    async def migrate(self) -> SchemaStatus:
        """Bring the schema up to date, after a copy where the store can make one.

        Raises `ConfigError` when the database was last opened by a newer, incompatible release.
        """

    async def ping(self) -> None:
        """Raise `Unavailable` when the store cannot answer."""
        await self.schema_status()

    async def check(self) -> list[str]:
        """Return what is wrong with files and search index, a sentence each (`journiv verify`)."""
        return []

    async def exists(self) -> bool:
        """Say whether there is a database already; opening may make one. Needs no open store."""
        return True

    async def findings(self) -> Sequence[Finding]:
        """Judge the checklist's lines D1 to D5, and others under ids of one's own.

        Needs no open store and changes nothing. What cannot be seen is a finding too, not an error.
        """
        return ()

    async def reindex(self) -> None:
        """Make whatever serves searching anew from the entries (`journiv verify --rebuild`)."""

    async def backup(self, target: Path) -> None:
        """Write a consistent copy to `target`, mode 0600, while the server runs."""
        raise NotSupported("This store has no online backup.")

    def copying(self, layout: Layout | None = None) -> Copying:
        """Return this open store seen as tables, for `journiv copy-store` and backups.

        With the layout of an older release, see those tables of it. Raises `BadRequest` for one
        that this release does not know.
        """
        raise NotSupported("This store does not give out its tables, so it cannot be copied.")

    async def prepare(self, layout: Layout) -> None:
        """Make the tables of a layout in an empty database; `migrate` brings them up to date.

        Raises `Conflict` where there are tables of another layout.
        """
        raise NotSupported("This store makes no tables of older releases.")

    async def replace(self, fresh: Path, kept: Path) -> None:
        """Put the closed database `fresh` in the place of this one, at once or not at all.

        What was there becomes `kept`, whole. Neither may be open: raises `Conflict` when a server
        or another program has this one open. The three are on one disk.
        """
        raise NotSupported(NO_FILE)

    async def replaceable(self) -> None:
        """Raise what `replace` would raise now; the store must not be open."""
        raise NotSupported(NO_FILE)
