"""One unit of work on a SQLAlchemy connection: each repository is made when first asked for."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

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
from journiv.contracts.storage import Transaction
from journiv.domain.scope import Scope, UserScope
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.repositories.access_tokens import SqlAccessTokens
from journiv.sqlstore.repositories.audit import SqlAuditLog
from journiv.sqlstore.repositories.entries import SqlEntries
from journiv.sqlstore.repositories.holdings import SqlHoldings
from journiv.sqlstore.repositories.identities import SqlIdentities
from journiv.sqlstore.repositories.insights import SqlInsights
from journiv.sqlstore.repositories.installation import SqlInstallation
from journiv.sqlstore.repositories.journals import SqlJournals
from journiv.sqlstore.repositories.keyvalues import SqlKeyValues
from journiv.sqlstore.repositories.leases import SqlLeases
from journiv.sqlstore.repositories.media import SqlMedia
from journiv.sqlstore.repositories.media_files import SqlMediaFiles
from journiv.sqlstore.repositories.mood_logs import SqlMoodLogs
from journiv.sqlstore.repositories.moods import SqlMoods
from journiv.sqlstore.repositories.prompts import SqlPrompts
from journiv.sqlstore.repositories.replies import SqlReplies
from journiv.sqlstore.repositories.revisions import SqlRevisions
from journiv.sqlstore.repositories.sessions import SqlSessions
from journiv.sqlstore.repositories.settings import SqlSettings
from journiv.sqlstore.repositories.tags import SqlTags
from journiv.sqlstore.repositories.timeline import SqlTimeline
from journiv.sqlstore.repositories.transfers import SqlTransfers
from journiv.sqlstore.repositories.trash import SqlTrash
from journiv.sqlstore.repositories.uploads import SqlUploads
from journiv.sqlstore.repositories.users import SqlUsers
from journiv.sqlstore.search import SearchIndex


class SqlTransaction(Transaction):
    """See `Transaction`."""

    def __init__(self, connection: Connection, scope: Scope, search: SearchIndex) -> None:
        self.scope = scope
        self.connection = connection
        self._bound = Bound(connection, scope, search)

    def as_user(self, user_id: str) -> Transaction:
        """See `Transaction`."""
        self._bound.require_system()
        return SqlTransaction(self.connection, UserScope(user_id), self._bound.search)

    @cached_property
    def users(self) -> Users:
        """See `Users`."""
        return SqlUsers(self._bound)

    @cached_property
    def identities(self) -> Identities:
        """See `Identities`."""
        return SqlIdentities(self._bound)

    @cached_property
    def settings(self) -> Settings:
        """See `Settings`."""
        return SqlSettings(self._bound)

    @cached_property
    def sessions(self) -> Sessions:
        """See `Sessions`."""
        return SqlSessions(self._bound)

    @cached_property
    def access_tokens(self) -> AccessTokens:
        """See `AccessTokens`."""
        return SqlAccessTokens(self._bound)

    @cached_property
    def audit(self) -> AuditLog:
        """See `AuditLog`."""
        return SqlAuditLog(self._bound)

    @cached_property
    def installation(self) -> Installation:
        """See `Installation`."""
        return SqlInstallation(self._bound)

    @cached_property
    def kv(self) -> KeyValues:
        """See `KeyValues`."""
        return SqlKeyValues(self._bound)

    @cached_property
    def leases(self) -> Leases:
        """See `Leases`."""
        return SqlLeases(self._bound)

    @cached_property
    def replies(self) -> Replies:
        """See `Replies`."""
        return SqlReplies(self._bound)

    @cached_property
    def journals(self) -> Journals:
        """See `Journals`."""
        return SqlJournals(self._bound)

    @cached_property
    def entries(self) -> Entries:
        """See `Entries`."""
        return SqlEntries(self._bound)

    @cached_property
    def trash(self) -> Trash:
        """See `Trash`."""
        return SqlTrash(self._bound)

    @cached_property
    def revisions(self) -> Revisions:
        """See `Revisions`."""
        return SqlRevisions(self._bound)

    @cached_property
    def timeline(self) -> Timeline:
        """See `Timeline`."""
        return SqlTimeline(self._bound)

    @cached_property
    def tags(self) -> Tags:
        """See `Tags`."""
        return SqlTags(self._bound)

    @cached_property
    def moods(self) -> Moods:
        """See `Moods`."""
        return SqlMoods(self._bound)

    @cached_property
    def mood_logs(self) -> MoodLogs:
        """See `MoodLogs`."""
        return SqlMoodLogs(self._bound)

    @cached_property
    def prompts(self) -> Prompts:
        """See `Prompts`."""
        return SqlPrompts(self._bound)

    @cached_property
    def insights(self) -> Insights:
        """See `Insights`."""
        return SqlInsights(self._bound)

    @cached_property
    def transfers(self) -> Transfers:
        """See `Transfers`."""
        return SqlTransfers(self._bound)

    @cached_property
    def media(self) -> Media:
        """See `Media`."""
        return SqlMedia(self._bound)

    @cached_property
    def uploads(self) -> Uploads:
        """See `Uploads`."""
        return SqlUploads(self._bound)

    @cached_property
    def media_files(self) -> MediaFiles:
        """See `MediaFiles`."""
        return SqlMediaFiles(self._bound)

    @cached_property
    def holdings(self) -> Holdings:
        """See `Holdings`."""
        return SqlHoldings(self._bound)
