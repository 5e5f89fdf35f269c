"""Tracebacks for the log: where it happened, and no value that somebody wrote."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

from journiv.domain.errors import JournivError

FRAMES = 40
_CODES = ("sqlite_errorname", "sqlstate")


def trace(error: BaseException, *, whole: bool = False) -> str:
    """Describe an error with the errors behind it, the root cause first.

    The message of an exception may quote journal text or a password. It is told only when it is
    one of ours (safe to show), a system error or a database's code, or when `whole`.
    """
    return "\n".join(_lines(error, whole, set()))


def _lines(error: BaseException, whole: bool, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if behind is not None and id(behind) not in seen:
        yield from _lines(behind, whole, seen)
        yield "This led to:"
    yield "Traceback (most recent call last):"
    for frame in traceback.extract_tb(error.__traceback__, limit=-FRAMES):
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
        yield f"    {frame.line}"
    kind = type(error)
    told = _told(error, whole)
    yield f"{kind.__module__}.{kind.__qualname__}" + (f": {told}" if told else "")
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from (f"  {line}" for line in _lines(one, whole, seen))


def _told(error: BaseException, whole: bool) -> str:
    if whole:
        try:
            return str(error)
        except Exception:
            return "its message cannot be read"
    if isinstance(error, JournivError):
        return error.detail
    if isinstance(error, OSError):
        return error.strerror or ""
    return next((code for name in _CODES if (code := getattr(error, name, None))), "")
