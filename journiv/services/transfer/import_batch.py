"""What one batch of an import stores, within its transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from journiv.contracts.archives import ArchivedMoment
from journiv.contracts.storage import Transaction
from journiv.domain.ids import parse_id
from journiv.services.transfer.import_drafts import Draft

TAGS_AT_ONCE: Final = 500


@dataclass(slots=True)
class Made:
    """The ids of what one batch made, for whoever wants to undo it."""

    entries: list[str] = field(default_factory=list)
    journals: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def add_batch(
    tx: Transaction,
    format: str,
    title: str,
    drafts: list[Draft],
    made: Made,
    now: str,
) -> list[Draft]:
    """Store what is still new; another import may have been quicker."""
    fresh = fresh_of(tx, format, drafts)
    tags = _tags(tx, fresh, made, now)
    journals = _journals(tx, title, fresh, made, now)
    moments = [
        _moment(draft, journal_id, tags) for draft, journal_id in zip(fresh, journals, strict=True)
    ]
    made.entries += tx.holdings.add_moments(moments)
    return fresh


def _tags(tx: Transaction, drafts: list[Draft], made: Made, now: str) -> Mapping[str, str]:
    """Return the id of each tag by its name, made when it is missing."""
    wanted: dict[str, str] = {}
    for draft in drafts:
        for name, tag_id in zip(draft.tags, draft.tag_ids, strict=True):
            wanted.setdefault(name, tag_id)
    here: dict[str, str] = {}
    names = list(wanted)
    for start in range(0, len(names), TAGS_AT_ONCE):
        some = names[start : start + TAGS_AT_ONCE]
        found = tx.tags.ensure(some, [wanted[name] for name in some], now)
        here |= {name: tag["id"] for name, tag in zip(some, found, strict=True)}
    made.tags += (tag_id for name, tag_id in here.items() if tag_id == wanted[name])
    return here


def _moment(draft: Draft, journal_id: str, tags: Mapping[str, str]) -> ArchivedMoment:
    entry = draft.entry
    return ArchivedMoment(
        id=entry.id,
        status="entry",
        journal_id=journal_id,
        prompt_id=entry.prompt_id,
        at=entry.at,
        zone=entry.zone,
        day=entry.day,
        mood_id=draft.mood_id,
        mood_at=entry.created_at if draft.mood_id else None,
        is_pinned=entry.is_pinned,
        is_draft=False,
        trashed_at=None,
        version=1,
        word_count=entry.word_count,
        importer=entry.importer,
        ref=entry.ref,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
        location=entry.location,
        weather=entry.weather,
        latitude=entry.latitude,
        longitude=entry.longitude,
        note=None,
        title=entry.title,
        content=entry.content,
        tags={tags[name]: entry.created_at for name in draft.tags},
    )


def _journals(
    tx: Transaction, title: str, drafts: list[Draft], made: Made, now: str
) -> Iterator[str]:
    """Yield the journal of each draft, made when it is named and missing."""
    known: dict[str, str] = {}
    for draft in drafts:
        if draft.journal is None and draft.entry.journal_id:
            yield draft.entry.journal_id
            continue
        name = draft.journal or title
        if name not in known:
            known[name] = journal_called(tx, name, draft.journal_id, now)
            if known[name] == draft.journal_id:
                made.journals.append(draft.journal_id)
        yield known[name]


def fresh_of(tx: Transaction, format: str, drafts: list[Draft]) -> list[Draft]:
    """Return what is neither imported already nor an export of an entry that is still here."""
    imported = tx.entries.imported(format, [draft.ref for draft in drafts])
    return [
        draft
        for draft in drafts
        if draft.ref not in imported
        and not (parse_id(draft.ref) == draft.ref and tx.entries.exists(draft.ref))
    ]


def journal_called(tx: Transaction, title: str, new: str, now: str) -> str:
    """Return the id of the oldest journal of that title, made as `new` when there is none."""
    found = tx.journals.by_title(title)
    if found is not None:
        return found["id"]
    columns = {
        "id": new,
        "title": title,
        "description": None,
        "color": None,
        "icon": None,
        "is_favorite": False,
        "is_archived": False,
    }
    return tx.journals.add({**columns, "created_at": now, "updated_at": now})["id"]
