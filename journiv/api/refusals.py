"""Refusing input with a sentence that names the field."""

from __future__ import annotations

from collections.abc import Sequence

from journiv.domain.errors import Invalid, Violation


def refused(violations: Sequence[Violation]) -> Invalid:
    """Return the error; its `detail` is about the first violation: `title: Field required`."""
    first = violations[0]
    field = ".".join(map(str, first.loc[1:]))
    return Invalid(violations, f"{field}: {first.msg}" if field else first.msg)
