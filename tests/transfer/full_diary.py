"""Pepys's diary with all that a diary may have, and pictures, for tests that send it about."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from PIL import Image

from journiv.builtin.ndjson import NdjsonImporter
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import ImportedMedia
from journiv.domain.clock import SystemClock, local_day
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.transfer.imports import ImportService, ImportTarget
from journiv.services.transfer.media_intake import UploadIntake
from journiv.testing.store.rows import AT, CALM, LATER, SAD, entry, journal, mood_log, preferences
from tests.plugins.media_formats.samples import photograph
from tests.transfer.media import Album

DATA: Final = Path(__file__).parent.parent / "data"
DIARY: Final = DATA / "pepys.ndjson.gz"
WHOLE: Final = 3413
TRAPS: Final = (
    ("# A title of its own", "It goes on.\n\n\n\nAfter three empty lines."),
    ("Spaces", "  two before\nand two after  \n"),
    ("Links", "See [[another note]] and ![[none.png]] and ![](media/none.png)."),
    ("Signs", "#hash and #another are words here, `#code` too.\n\n---\n\nafter a rule"),
    ('"Quoted" \\ and: more', "---\ntitle: not mine\n---\ntext"),
    ("Same", "# Same\n\nIts own heading says its title."),
    ("Ünïcödé \U0001f9ed", "Tabs\tand\u2028odd\u00a0spaces, 日本語, \U0001f469\u200d\U0001f469"),
    ("Empty", ""),
    ("<b>Marks</b>", "<script>alert(1)</script> & [a](javascript:alert(1)) *bold* <!-- c -->"),
)
JOURNALS: Final = ("Garden / Görten", "Templates", "pepys", "PEPYS")
MOMENTS: Final = (
    ("2024-03-31T01:30:00.123456Z", "Europe/Berlin"),
    ("2024-10-27T00:30:00.000001Z", "Europe/Berlin"),
    ("2024-10-27T01:30:00.999999Z", "Europe/Berlin"),
    ("2011-12-30T10:30:00.000000Z", "Pacific/Apia"),
    ("2024-02-29T18:15:00.000000Z", "Asia/Kathmandu"),
    ("1660-01-01T00:01:14.500000Z", "Europe/London"),
    ("0001-01-03T00:00:00.000000Z", "Pacific/Kiritimati"),
    ("9998-12-29T23:59:59.999999Z", "Etc/GMT+11"),
    ("2024-07-01T03:59:59.000000Z", "America/New_York"),
)


async def write_diary(
    store: Store, person: UserScope, pictures: Album, folder: Path, entries: int = WHOLE
) -> None:
    """Fill an account: so many days of Pepys, everything odd, and two dozen pictures."""
    days = folder / "days.ndjson"
    with gzip.open(DIARY, "rb") as lines:
        days.write_bytes(b"".join(islice(lines, entries)))
    target = ImportTarget(zone="Europe/London", title="Pepys")
    await ImportService(store, SystemClock()).run(person, NdjsonImporter(), days, target)
    ids: list[str] = []
    await store.write(person, lambda tx: ids.extend(_embellish(tx, person)))
    await _illustrate(store, person, pictures, folder, ids)
    await store.write(person, lambda tx: _throw_away(tx, ids[3]))


def _embellish(tx: Transaction, person: UserScope) -> list[str]:
    """Write moods, tags, pins, places, earlier texts, drafts; return the entries for pictures."""
    tx.settings.put(preferences(person.user_id, theme="dark", time_zone="Asia/Tokyo"))
    journals = [new_id() for _ in JOURNALS]
    for journal_id, title in zip(journals, JOURNALS, strict=True):
        tx.journals.add(journal(journal_id, title=title, description="Beds", icon="x"))
    tx.journals.add(journal(new_id(), title="Empty", is_archived=True))
    odd = [_odd(tx, journals[n % len(JOURNALS)], n, trap) for n, trap in enumerate(TRAPS)]
    tags = tx.tags.ensure(["a b", "naïve", "c#", "x/y", "unused"], [new_id() for _ in range(5)], AT)
    for number, entry_id in enumerate(odd):
        tx.tags.link(entry_id, [tag["id"] for tag in tags[: number % 5]], LATER)
        mood = (CALM, SAD)[number % 2]["id"]
        tx.mood_logs.set_on_entry(entry_id, mood, "a note" if number % 3 else None, LATER)
    changed = tx.entries.get(odd[0])
    assert changed is not None
    tx.revisions.keep(changed, "edit", AT)
    draft = entry(new_id(), journals[0], "Not yet.", title="Draft", is_draft=True)
    tx.entries.add(draft)
    tx.mood_logs.add(mood_log(new_id(), note="without words"))
    return [*odd, draft.id]


def _odd(tx: Transaction, journal_id: str, number: int, trap: tuple[str, str]) -> str:
    (title, text), (at, zone) = trap, MOMENTS[number]
    place: dict[str, Any] = {"location": 'Seething "Lane", No. 1', "weather": "fog \\ frost"}
    if number % 2:
        place |= {"latitude": 51.5104, "longitude": -0.0798}
    written = entry(
        new_id(), journal_id, text, title=title, at=at, zone=zone, day=local_day(at, zone),
        is_pinned=number % 4 == 0, importer="kit" if number == 1 else None,
        ref="kit-1" if number == 1 else None, **place,
    )  # fmt: skip
    tx.entries.add(written)
    return written.id


async def _illustrate(
    store: Store, person: UserScope, pictures: Album, folder: Path, ids: list[str]
) -> None:
    intake, shared = UploadIntake(store, pictures.adding), DATA / "portrait.jpg"
    for number, entry_id in enumerate(ids):
        if number % 2 == 0:
            alt = 'A [portrait] of "me" \\ painted'
            await intake.attach(person, entry_id, _file(shared, "../portrait (1).JPG", alt))
        for kind in ("PNG", "JPEG", "WEBP")[: number % 4]:
            name = f"made {number}.{kind.lower()}"
            made = ImportedMedia(name=name, open=_drawn(number, kind), alt_text=None)
            await intake.attach(person, entry_id, made)
    taken = photograph(folder, "jpg", 6)
    await intake.attach(person, ids[1], _file(taken, "held sideways.jpg", "a row"))


def _file(path: Path, name: str, alt_text: str) -> ImportedMedia:
    return ImportedMedia(name=name, open=lambda: path.open("rb"), alt_text=alt_text)


def _drawn(seed: int, kind: str) -> Callable[[], IO[bytes]]:
    target = io.BytesIO()
    noise = random.Random(seed).randbytes(40 * 30 * 3)
    Image.frombytes("RGB", (40, 30), noise).save(target, kind)
    return lambda: io.BytesIO(target.getvalue())


def _throw_away(tx: Transaction, entry_id: str) -> None:
    assert tx.trash.put(entry_id, LATER)
