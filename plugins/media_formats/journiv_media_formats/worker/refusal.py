"""Saying no to a file."""

from __future__ import annotations


class Refused(Exception):
    """The file is broken or too large; `sentence` is for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Broken(Refused):
    """The file is not whole, or not what it says it is."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This file is damaged: {why}.")
