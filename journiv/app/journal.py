"""The journal itself: entries, moods, prompts and tags, a service and its routes at a time."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.api.v1.journal.analytics import AnalyticsRoutes
from journiv.api.v1.journal.drafts import DraftRoutes
from journiv.api.v1.journal.entries import EntryRoutes
from journiv.api.v1.journal.entry_tags import EntryTagRoutes
from journiv.api.v1.journal.journals import JournalRoutes
from journiv.api.v1.journal.mood_insights import MoodInsightRoutes
from journiv.api.v1.journal.mood_logs import MoodLogRoutes
from journiv.api.v1.journal.moods import MoodRoutes
from journiv.api.v1.journal.prompts import PromptRoutes
from journiv.api.v1.journal.revisions import RevisionRoutes
from journiv.api.v1.journal.search import SearchRoutes
from journiv.api.v1.journal.tag_insights import TagInsightRoutes
from journiv.api.v1.journal.tags import TagRoutes
from journiv.api.v1.journal.timeline import TimelineRoutes
from journiv.api.v1.journal.trash import TrashRoutes
from journiv.app.parts import Parts
from journiv.contracts.routes import RouteDef
from journiv.services.journal.analytics import AnalyticsService
from journiv.services.journal.drafts import DraftService
from journiv.services.journal.entries import EntryService
from journiv.services.journal.journals import JournalService
from journiv.services.journal.mood_insights import MoodInsightService
from journiv.services.journal.mood_logs import MoodLogService
from journiv.services.journal.moods import MoodService
from journiv.services.journal.prompts import PromptService
from journiv.services.journal.revisions import RevisionService
from journiv.services.journal.search import SearchService
from journiv.services.journal.tag_insights import TagInsightService
from journiv.services.journal.tags import TagService
from journiv.services.journal.timeline import TimelineService
from journiv.services.journal.trash import TrashService


def diary_routes(parts: Parts) -> Iterable[RouteDef]:
    """Entries with their drafts, revisions, trash, search and timeline."""
    store, clock, publish = parts.providers.store, parts.clock, parts.events.publish
    entries = EntryService(store, clock, publish)
    trash = TrashService(store, clock, publish)
    strict = parts.settings.require_if_match
    yield from JournalRoutes(JournalService(store, clock)).routes()
    yield from EntryRoutes(entries, trash, require_if_match=strict).routes()
    yield from DraftRoutes(entries, DraftService(store, clock, publish)).routes()
    yield from RevisionRoutes(RevisionService(store, clock, publish)).routes()
    yield from TrashRoutes(trash).routes()
    yield from SearchRoutes(SearchService(store)).routes()
    yield from TimelineRoutes(TimelineService(store, clock, parts.media.signer)).routes()


def mood_and_prompt_routes(parts: Parts) -> Iterable[RouteDef]:
    """Moods, mood logs and their figures, and writing prompts."""
    store, clock = parts.providers.store, parts.clock
    yield from MoodRoutes(MoodService(store)).routes()
    yield from MoodLogRoutes(MoodLogService(store, clock)).routes()
    yield from MoodInsightRoutes(MoodInsightService(store, clock)).routes()
    yield from PromptRoutes(PromptService(store, clock)).routes()


def tag_routes(parts: Parts) -> Iterable[RouteDef]:
    """Tags, their place on entries, and analytics."""
    store, clock = parts.providers.store, parts.clock
    tags = TagService(store, clock, parts.events.publish)
    yield from TagRoutes(tags).routes()
    yield from EntryTagRoutes(tags).routes()
    yield from TagInsightRoutes(TagInsightService(store, clock)).routes()
    yield from AnalyticsRoutes(AnalyticsService(store, clock)).routes()
