"""How each repository method of a person's data is tried with ids of somebody's.

A recipe is given a transaction, the ids of the person it is bound to (`me`) and the ids to try
(`it`): made up, another's, or the person's own. Its name is the method, and after a colon what
makes it differ from another of the same method.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Mapping
from inspect import isabstract
from typing import Final, get_type_hints

from journiv.contracts.archives import ArchivedTag
from journiv.contracts.repositories.entries import EntrySearch
from journiv.contracts.repositories.mood_logs import MoodLogFilter
from journiv.contracts.repositories.transfers import Ending, Progress
from journiv.contracts.storage import Transaction
from journiv.domain.scope import Once
from journiv.testing.store.media import MEDIA_READS, MEDIA_WRITES
from journiv.testing.store.people import Things
from journiv.testing.store.rows import (
    ALL,
    AT,
    CALM,
    DAY,
    FAR,
    FIRST_DAY,
    LAST_DAY,
    LATER,
    LONG_AGO,
    PROMPT,
    SAD,
    archived_journal,
    archived_moment,
    archived_revision,
    earlier,
    entry,
    journal,
    mood_log,
    preferences,
    reply,
    transfer,
)

Recipe = Callable[[Transaction, Things, Things], object]
HALFWAY: Final = Progress(stage="importing", done=1, total=2)
LEAST: Final = "00000000-0000-0000-0000-000000000000"
DAYS: Final = (FIRST_DAY, LAST_DAY)

READS: Final[Mapping[str, Recipe]] = {
    **MEDIA_READS,
    "settings.get": lambda t, me, it: t.settings.get(),
    "settings.time_zone": lambda t, me, it: t.settings.time_zone(),
    "replies.get": lambda t, me, it: t.replies.get(it.key),
    "journals.get": lambda t, me, it: t.journals.get(it.journal),
    "journals.all": lambda t, me, it: t.journals.all(include_archived=True),
    "journals.favorites": lambda t, me, it: t.journals.favorites(),
    "journals.by_title": lambda t, me, it: t.journals.by_title("secret plans"),
    "holdings.tags": lambda t, me, it: t.holdings.tags(LEAST, 100),
    "holdings.journals": lambda t, me, it: t.holdings.journals(LEAST, 100),
    "holdings.moments": lambda t, me, it: t.holdings.moments(LEAST, 100),
    "holdings.revisions": lambda t, me, it: t.holdings.revisions((LEAST, 0), 100),
    "holdings.media": lambda t, me, it: t.holdings.media(LEAST, 100),
    "journals.is_empty": lambda t, me, it: t.journals.is_empty(it.journal),
    "transfers.get": lambda t, me, it: t.transfers.get(it.transfer),
    "transfers.page": lambda t, me, it: t.transfers.page(["import", "export"], 100, 0),
    "transfers.unfinished": lambda t, me, it: t.transfers.unfinished(),
    "transfers.noted": lambda t, me, it: t.transfers.noted(it.transfer, "entry", 10),
    "transfers.counts": lambda t, me, it: t.transfers.counts(it.transfer),
    "entries.get": lambda t, me, it: t.entries.get(it.entry),
    "entries.get: a draft": lambda t, me, it: t.entries.get(it.draft),
    "entries.exists": lambda t, me, it: t.entries.exists(it.entry),
    "entries.exists: in the trash": lambda t, me, it: t.entries.exists(it.trashed),
    "entries.exists: as a mood": lambda t, me, it: t.entries.exists(it.log),
    "entries.page": lambda t, me, it: t.entries.page(ALL),
    "entries.of_journal": lambda t, me, it: t.entries.of_journal(
        it.journal, ALL, include_pinned=True
    ),
    "entries.between": lambda t, me, it: t.entries.between(*DAYS),
    "entries.between: of a journal": lambda t, me, it: t.entries.between(*DAYS, it.journal),
    "entries.drafts": lambda t, me, it: t.entries.drafts(ALL),
    "entries.drafts: of a journal": lambda t, me, it: t.entries.drafts(ALL, it.journal),
    "entries.search": lambda t, me, it: t.entries.search(EntrySearch(needles=("plan",)), ALL),
    "entries.search: by a short word": lambda t, me, it: t.entries.search(
        EntrySearch(needles=("s",)), ALL
    ),
    "entries.search: in a journal": lambda t, me, it: t.entries.search(
        EntrySearch(needles=("plan",), journal_id=it.journal), ALL
    ),
    "entries.search: by tag and mood": lambda t, me, it: t.entries.search(
        EntrySearch(needles=("plan",), tag="secret", mood_id=CALM["id"]), ALL
    ),
    "entries.imported": lambda t, me, it: t.entries.imported("kit", [it.ref]),
    "trash.page": lambda t, me, it: t.trash.page(ALL),
    "trash.get": lambda t, me, it: t.trash.get(it.trashed),
    "revisions.of_entry": lambda t, me, it: t.revisions.of_entry(it.entry),
    "revisions.get": lambda t, me, it: t.revisions.get(it.entry, 1),
    "timeline.page": lambda t, me, it: t.timeline.page(ALL),
    "timeline.days": lambda t, me, it: t.timeline.days(*DAYS),
    "timeline.on_days": lambda t, me, it: t.timeline.on_days([DAY]),
    "timeline.first_day": lambda t, me, it: t.timeline.first_day(),
    "tags.get": lambda t, me, it: t.tags.get(it.tag),
    "tags.by_name": lambda t, me, it: t.tags.by_name("secret"),
    "tags.page": lambda t, me, it: t.tags.page(1000, 0),
    "tags.page: searched": lambda t, me, it: t.tags.page(1000, 0, "e"),
    "tags.popular": lambda t, me, it: t.tags.popular(100),
    "tags.of_entry": lambda t, me, it: t.tags.of_entry(it.entry),
    "tags.entries": lambda t, me, it: t.tags.entries(it.tag, ALL),
    "tags.by_day": lambda t, me, it: t.tags.by_day(*DAYS),
    "tags.by_day: of a tag": lambda t, me, it: t.tags.by_day(*DAYS, it.tag),
    "tags.together_with": lambda t, me, it: t.tags.together_with(it.tag, 100),
    "tags.totals": lambda t, me, it: t.tags.totals(),
    "mood_logs.get": lambda t, me, it: t.mood_logs.get(it.log),
    "mood_logs.get: of an entry": lambda t, me, it: t.mood_logs.get(it.entry),
    "mood_logs.page": lambda t, me, it: t.mood_logs.page(MoodLogFilter(), ALL),
    "mood_logs.page: of an entry": lambda t, me, it: t.mood_logs.page(
        MoodLogFilter(entry_id=it.entry), ALL
    ),
    "mood_logs.counts": lambda t, me, it: t.mood_logs.counts(*DAYS),
    "mood_logs.days": lambda t, me, it: t.mood_logs.days(),
    "moods.all": lambda t, me, it: t.moods.all(),
    "moods.get": lambda t, me, it: t.moods.get(CALM["id"]),
    "prompts.page": lambda t, me, it: t.prompts.page(100),
    "prompts.get": lambda t, me, it: t.prompts.get(PROMPT["id"]),
    "prompts.search": lambda t, me, it: t.prompts.search("DINNER", 100),
    "prompts.ids": lambda t, me, it: t.prompts.ids(),
    "prompts.answered": lambda t, me, it: t.prompts.answered(PROMPT["id"], DAY),
    "insights.streak": lambda t, me, it: t.insights.streak(),
    "insights.by_day": lambda t, me, it: t.insights.by_day(*DAYS),
    "insights.moods_by_day": lambda t, me, it: t.insights.moods_by_day(*DAYS),
    "insights.top_tags": lambda t, me, it: t.insights.top_tags(*DAYS, 100),
    "insights.totals_between": lambda t, me, it: t.insights.totals_between(LONG_AGO, FAR),
    "insights.verify": lambda t, me, it: t.insights.verify(),
}

WRITES: Final[Mapping[str, Recipe]] = {
    **MEDIA_WRITES,
    "settings.put": lambda t, me, it: _then(
        t.settings.put(preferences(me.user, theme="dark")), t.settings.get()
    ),
    "settings.change": lambda t, me, it: t.settings.change({"theme": "dark"}, LATER),
    "replies.begin": lambda t, me, it: t.replies.begin(
        Once(key=it.key, request_hash="b" * 64, attempt="kit", at=LATER)
    ),
    "replies.put": lambda t, me, it: _then(
        t.replies.put(reply(it.key, body='"new"')), t.replies.get(it.key)
    ),
    "replies.forget": lambda t, me, it: _then(t.replies.forget(it.key), t.replies.get(it.key)),
    "holdings.add_tags": lambda t, me, it: (
        t.holdings.add_tags([ArchivedTag(id=it.tag, name="new", created_at=AT, updated_at=AT)]),
        sorted(tag["name"] for tag in t.holdings.tags(LEAST, 100)),
    ),
    "holdings.add_journals": lambda t, me, it: t.holdings.add_journals(
        [archived_journal(it.journal)]
    ),
    "holdings.add_moments": lambda t, me, it: t.holdings.add_moments(
        [archived_moment(it.entry, me.journal)]
    ),
    "holdings.add_moments: into a journal": lambda t, me, it: t.holdings.add_moments(
        [archived_moment(it.user, it.journal)]
    ),
    "holdings.add_revisions": lambda t, me, it: t.holdings.add_revisions(
        [archived_revision(it.entry)]
    ),
    "transfers.add": lambda t, me, it: t.transfers.add(transfer(it.transfer, "undo", LATER)),
    "transfers.delete": lambda t, me, it: t.transfers.delete(it.export),
    "transfers.cancel": lambda t, me, it: t.transfers.cancel(it.export, LATER),
    "transfers.cancel: a running one": lambda t, me, it: t.transfers.cancel(it.transfer, LATER),
    "transfers.advance": lambda t, me, it: t.transfers.advance(it.transfer, "kit", FAR, HALFWAY),
    "transfers.finish": lambda t, me, it: t.transfers.finish(
        it.transfer, "kit", Ending(status="failed", at=LATER, errors=["x"]), HALFWAY
    ),
    "transfers.note": lambda t, me, it: _then(
        t.transfers.note(it.transfer, "tag", [me.tag]), t.transfers.counts(it.transfer)
    ),
    "transfers.strike": lambda t, me, it: _then(
        t.transfers.strike(it.transfer, "entry", [it.entry]), t.transfers.counts(it.transfer)
    ),
    "journals.add": lambda t, me, it: t.journals.add(journal(it.journal, title="mine")),
    "journals.change": lambda t, me, it: t.journals.change(it.journal, {"title": "x"}, LATER),
    "journals.delete": lambda t, me, it: t.journals.delete(it.journal),
    "entries.add": lambda t, me, it: t.entries.add(entry(it.entry, me.journal)),
    "entries.add: into a journal": lambda t, me, it: t.entries.add(
        entry(it.user, it.journal, "planted")
    ),
    "entries.add: with a reference": lambda t, me, it: t.entries.add(
        entry(it.user, me.journal, "planted", importer="kit", ref=it.ref)
    ),
    "entries.add_all": lambda t, me, it: _then(
        t.entries.add_all([entry(it.entry, me.journal)]), t.entries.get(it.entry)
    ),
    "entries.add_all: into a journal": lambda t, me, it: _then(
        t.entries.add_all([entry(it.user, it.journal, "planted")]), t.entries.get(it.user)
    ),
    "entries.change": lambda t, me, it: t.entries.change(it.entry, {"title": "x"}, LATER),
    "entries.change: a draft": lambda t, me, it: t.entries.change(
        it.draft, {"is_draft": False}, LATER
    ),
    "entries.change: to a journal": lambda t, me, it: t.entries.change(
        me.entry, {"journal_id": it.journal}, LATER
    ),
    "trash.put": lambda t, me, it: t.trash.put(it.entry, LATER),
    "trash.restore": lambda t, me, it: t.trash.restore(it.trashed, LATER),
    "trash.delete": lambda t, me, it: t.trash.delete(it.trashed),
    "revisions.keep": lambda t, me, it: _then(
        t.revisions.keep(earlier(it.entry, me.user), "edit", LATER), t.revisions.of_entry(it.entry)
    ),
    "tags.ensure": lambda t, me, it: t.tags.ensure(["secret", "fresh"], [it.tag, it.user], LATER),
    "tags.rename": lambda t, me, it: t.tags.rename(it.tag, "renamed", LATER),
    "tags.delete": lambda t, me, it: t.tags.delete(it.tag),
    "tags.merge: theirs into mine": lambda t, me, it: t.tags.merge(it.tag, _other(t), LATER),
    "tags.merge: mine into theirs": lambda t, me, it: t.tags.merge(_other(t), it.tag, LATER),
    "tags.link: an entry": lambda t, me, it: t.tags.link(it.draft, [me.tag], LATER),
    "tags.link: a tag": lambda t, me, it: t.tags.link(me.draft, [it.tag], LATER),
    "tags.unlink: an entry": lambda t, me, it: t.tags.unlink(it.entry, me.tag),
    "tags.unlink: a tag": lambda t, me, it: t.tags.unlink(me.entry, it.tag),
    "mood_logs.add": lambda t, me, it: t.mood_logs.add(mood_log(it.log)),
    "mood_logs.set_on_entry": lambda t, me, it: t.mood_logs.set_on_entry(
        it.entry, SAD["id"], "x", LATER
    ),
    "mood_logs.change": lambda t, me, it: t.mood_logs.change(it.log, {"note": "x"}, LATER),
    "mood_logs.delete": lambda t, me, it: t.mood_logs.delete(it.log),
    "mood_logs.delete: of an entry": lambda t, me, it: t.mood_logs.delete(it.entry),
    "insights.rebuild": lambda t, me, it: _then(t.insights.rebuild(), t.insights.verify()),
}

ALIKE: Final = frozenset({
    "moods.all", "moods.get", "prompts.ids", "insights.verify", "insights.rebuild",
    "settings.put", "settings.change", "replies.forget", "transfers.strike", "media.discard",
    "uploads.add: to an entry",
})  # fmt: skip
"""Recipes that may answer everybody the same."""


def methods() -> frozenset[str]:
    """Return `repository.method` of every method the repositories promise."""
    found = set()
    for name, value in vars(Transaction).items():
        kind = get_type_hints(value.fget)["return"] if isinstance(value, property) else None
        if isinstance(kind, type) and issubclass(kind, ABC) and isabstract(kind):
            found |= {f"{name}.{method}" for method in kind.__abstractmethods__}
    return frozenset(found)


def method(recipe: str) -> str:
    """Return the method a recipe tries."""
    return recipe.partition(":")[0]


def _then(done: None, found: object) -> object:
    """Return what is seen after a method that returns nothing."""
    return found


def _other(t: Transaction) -> str:
    """Return the person's tag that everybody has one of."""
    tag = t.tags.by_name("shared")
    assert tag is not None
    return tag["id"]
