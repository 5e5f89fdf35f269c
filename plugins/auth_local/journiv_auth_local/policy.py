"""Which passwords are refused: short ones, endless ones, and those a guesser tries first.

There is no rule about digits or capitals, and no expiry (NIST SP 800-63B §3.1.1.2).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cached_property
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from journiv.contracts.auth import Person
from journiv.domain.errors import Violation
from journiv_auth_local.hashing import MAX_CHARACTERS, too_long

COMMON_PASSWORDS: Final = "common_passwords.txt"
_SHORTEST_CONTEXT_WORD: Final = 4


class PasswordPolicy:
    """Judges a new password. The list of common ones is read at the first judgement."""

    def __init__(self, minimum: int, app_name: str, public_url: str) -> None:
        self._minimum = minimum
        self._site_words = (app_name, urlsplit(public_url).hostname or "")

    def violations(self, password: str, person: Person) -> list[Violation]:
        """Return every reason against a password; none when it will do."""
        if too_long(password):
            sentence = f"Password must be at most {MAX_CHARACTERS} characters (1024 bytes) long"
            return [Violation((), "password_too_long", sentence)]
        if len(password) < self._minimum:
            sentence = f"Password must be at least {self._minimum} characters long"
            return [Violation((), "password_too_short", sentence)]
        folded = _folded(password)
        if len(set(folded)) == 1 or folded in self._common:
            sentence = "This password is one of those that are guessed first; choose another"
            return [Violation((), "password_common", sentence)]
        if self._is_about(folded, person):
            sentence = "Password must not be made from your name, your address or this site's name"
            return [Violation((), "password_personal", sentence)]
        return []

    @cached_property
    def _common(self) -> frozenset[str]:
        text = files("journiv_auth_local").joinpath(COMMON_PASSWORDS).read_text("utf-8")
        return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))

    def _is_about(self, folded: str, person: Person) -> bool:
        words = {_folded(word) for word in self._context(person)}
        bare = folded.strip("0123456789")
        return bool(words & {folded, folded.rstrip("0123456789"), bare})

    def _context(self, person: Person) -> Iterator[str]:
        name = person.name or ""
        words = (
            *self._site_words,
            person.email,
            person.email.partition("@")[0],
            name,
            *name.split(),
            "".join(name.split()),
        )
        return (word for word in words if len(word) >= _SHORTEST_CONTEXT_WORD)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
