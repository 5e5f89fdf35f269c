"""Diary-like entries, the same on every machine: about 170 words each, four a day, up to now.

`zephyrine` is in 3 of every 10,000 entries, `lighthouse` in 1 of 100, `morning` in 60 of 100.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Final

from journiv.contracts.repositories.entries import NewEntry
from journiv.domain.clock import instant
from journiv.domain.ids import new_id
from journiv.domain.text import word_count

VERSION: Final = 1
RARE: Final = "zephyrine"
MEDIUM: Final = "lighthouse"
COMMON: Final = "morning"

_STARTS: Final = "br st tr pl m n l k d g s t v ch sh fr gl th w b p r"
_VOWELS: Final = "a e i o u ea ai ou io ee"
_ENDS: Final = "n,r,l,s,t,nd,rt,st,m,ck,,,ng,x"
_FREQUENT: Final = """
the of and a to in is it that was for on are as with his they be at one have this from or had by
but some what there we can out other were all your when up use how said an each she which do their
time if will way about many then them would write like so these her long make thing see him two
has look more day could go come did my no most who over know water than call first people down
side been now find any new work part take get place made live where after back little only round
"""
_PLACES: Final = ("Home", "Office", "Lisbon, Portugal", "Café on Main", None, None, None)
_WEATHER: Final = ("Sunny", "Rain", "Cloudy 12°C", None, None, None)


class Corpus:
    """Makes entries from a vocabulary of 8,000 words used as Zipf has it."""

    def __init__(self) -> None:
        self._random = random.Random(7)
        self._syllables = (_STARTS.split(), _VOWELS.split(), _ENDS.split(","))
        made: set[str] = set()
        while len(made) < 8000:
            made.add("".join(self._syllable() for _ in range(self._random.choice((1, 2, 2, 3)))))
        planted = {RARE, MEDIUM, COMMON}
        self._words = list(dict.fromkeys([*_FREQUENT.split(), *sorted(made - planted)]))
        self._weights = list(accumulate(1 / (rank + 4) for rank in range(len(self._words))))
        self._paragraphs = [self._paragraph() for _ in range(4000)]

    def entries(self, count: int, journal_ids: list[str], until: datetime) -> Iterator[NewEntry]:
        """Yield that many entries, oldest first, the last one at `until`."""
        stamp = instant(until)
        for number in range(count):
            age = (count - 1 - number) * 6
            at = until - timedelta(hours=age, seconds=self._random.random() * 3600)
            # A day in 37 stays empty, so that there are runs of days.
            if age // 24 % 37 == 17:
                at -= timedelta(days=1)
            text = self._text(number)
            wire = instant(at)
            yield NewEntry(
                id=new_id(),
                journal_id=self._random.choice(journal_ids),
                title=" ".join(self._choose(4)).capitalize(),
                content=text,
                at=wire,
                zone="UTC",
                day=wire[:10],
                word_count=word_count(text),
                created_at=stamp,
                updated_at=stamp,
                location=self._random.choice(_PLACES),
                weather=self._random.choice(_WEATHER),
                is_pinned=self._random.random() < 0.005,
            )

    def text(self) -> str:
        """Return the text of an entry with none of the planted words."""
        return " ".join(self._random.choices(self._paragraphs, k=3))

    def _text(self, number: int) -> str:
        text = self.text()
        if self._random.random() < 0.6:
            text += f" In the {COMMON} it felt different."
        if self._random.random() < 0.01:
            text += f" We saw the {MEDIUM} again."
        if number % 3333 == 1700:
            text += f" A {RARE} day."
        return text

    def _paragraph(self) -> str:
        sentences = []
        for _ in range(5):
            words = self._choose(self._random.randint(6, 16))
            sentences.append(" ".join(words).capitalize() + self._random.choice("...!?"))
        return " ".join(sentences)

    def _choose(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)

    def _syllable(self) -> str:
        return "".join(map(self._random.choice, self._syllables))


def until() -> datetime:
    """Return the instant of the last entry of a set made now."""
    return datetime.now(UTC).replace(microsecond=0)


def stamp() -> str:
    """Return now as a wire instant."""
    return instant(until())
