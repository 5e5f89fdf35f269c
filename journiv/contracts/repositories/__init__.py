"""One abstract repository per aggregate.

Every method is plain and synchronous and runs inside one unit of work. Repositories of a person's
data see only the rows of the scope they are bound to: an id of somebody else behaves like an id
that does not exist. Times and new ids are arguments, because a unit of work may run twice.
"""

from __future__ import annotations

from journiv.contracts.repositories.access_tokens import AccessTokens
from journiv.contracts.repositories.audit import AuditLog
from journiv.contracts.repositories.entries import Entries
from journiv.contracts.repositories.holdings import Holdings
from journiv.contracts.repositories.identities import Identities
from journiv.contracts.repositories.insights import Insights
from journiv.contracts.repositories.installation import Installation
from journiv.contracts.repositories.journals import Journals
from journiv.contracts.repositories.keyvalues import KeyValues
from journiv.contracts.repositories.leases import Leases
from journiv.contracts.repositories.media import Media, MediaFiles, Uploads
from journiv.contracts.repositories.mood_logs import MoodLogs
from journiv.contracts.repositories.moods import Moods
from journiv.contracts.repositories.prompts import Prompts
from journiv.contracts.repositories.replies import Replies
from journiv.contracts.repositories.revisions import Revisions
from journiv.contracts.repositories.sessions import Sessions
from journiv.contracts.repositories.settings import Settings
from journiv.contracts.repositories.tags import Tags
from journiv.contracts.repositories.timeline import Timeline
from journiv.contracts.repositories.transfers import Transfers
from journiv.contracts.repositories.trash import Trash
from journiv.contracts.repositories.users import Users

__all__ = [
    "AccessTokens",
    "AuditLog",
    "Entries",
    "Holdings",
    "Identities",
    "Insights",
    "Installation",
    "Journals",
    "KeyValues",
    "Leases",
    "Media",
    "MediaFiles",
    "MoodLogs",
    "Moods",
    "Prompts",
    "Replies",
    "Revisions",
    "Sessions",
    "Settings",
    "Tags",
    "Timeline",
    "Transfers",
    "Trash",
    "Uploads",
    "Users",
]
