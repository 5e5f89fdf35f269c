"""Where log lines go: JSON to stderr, or lines for people in development (security.md D22)."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from journiv.cli.traces import trace
from journiv.config import Settings
from journiv.domain.redaction import one_line, redact
from journiv.services.doctor import recent

KEPT = 256 * 1024
LONGEST = 8 * 1024

Write = Callable[[bytes], object]

log = logging.getLogger("journiv.process")


def set_up(settings: Settings) -> Write | None:
    """Direct the log to stderr; return what the access log writes to, None when it is off.

    Warnings are kept in a small file below the data folder too, for `journiv doctor --report`.
    `LOG_LEVEL` is for Journiv and its plugins. Libraries speak from WARNING on only: what they
    tell below that are headers, bodies and statements.
    """
    for_people = settings.environment == "development"
    form = PeopleFormatter if for_people else JsonFormatter
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(form(whole=settings.debug))
    level = logging.getLevelNamesMapping()[settings.log_level]
    root = logging.getLogger()
    root.handlers[:] = [handler, *_keeping_warnings(settings.data)]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("journiv").setLevel(level)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a record that cannot be written is not printed instead
    _catch_the_uncaught()
    if level > logging.INFO:
        return None
    return write_for_people if for_people else write


def set_up_for_command() -> None:
    """Let warnings and errors reach the terminal of a command, as safe as in the log."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(PlainFormatter())
    logging.getLogger().handlers[:] = [handler]
    logging.raiseExceptions = False


def _keeping_warnings(data: Path) -> Iterator[logging.Handler]:
    """Yield what writes warnings to a file, unless there cannot be one."""
    file = data / recent.FILE
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        keeper = RotatingFileHandler(file, maxBytes=KEPT, backupCount=1, encoding="ascii")
    except OSError:
        return
    keeper.setLevel(logging.WARNING)
    keeper.setFormatter(JsonFormatter())
    yield keeper


class SafeFormatter(logging.Formatter):
    """What both forms share: a message without secrets on one line, a trace without values.

    With `whole`, traces tell the exceptions' own messages too (masked like the rest).
    """

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__()
        self._whole = whole

    def message(self, record: logging.LogRecord) -> str:
        """Return what happened, on one line."""
        try:
            said = record.getMessage()
        except Exception:  # the arguments do not fit the message
            said = str(record.msg)
        if len(said) > LONGEST:
            said = f"{said[:LONGEST]}… ({len(said)} characters)"
        return one_line(redact(said))

    def trace(self, record: logging.LogRecord) -> str:
        """Return where an error happened, line by line; nothing without an error."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return ""
        told = redact(trace(error, whole=self._whole))
        return "\n".join(one_line(line) for line in told.split("\n"))


class JsonFormatter(SafeFormatter):
    """One line of JSON a record, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": record.name,
            "message": self.message(record),
        }
        if trace := self.trace(record):
            line["trace"] = trace
        return json.dumps(line)


class PlainFormatter(SafeFormatter):
    """What happened, for a terminal; a trace is indented, so that it looks like no record."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        head, trace = self.head(record), self.trace(record)
        return "\n    ".join([head, *trace.split("\n")]) if trace else head

    def head(self, record: logging.LogRecord) -> str:
        """Return the first line."""
        return self.message(record)


class PeopleFormatter(PlainFormatter):
    """Time, level, who, what."""

    def head(self, record: logging.LogRecord) -> str:
        """See `PlainFormatter`."""
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        name = one_line(record.name)
        return f"{at} {record.levelname:<7} {name}: {self.message(record)}"


def write(lines: bytes) -> None:
    """Write finished lines to stderr."""
    sys.stderr.buffer.write(lines)
    sys.stderr.buffer.flush()


def write_for_people(lines: bytes) -> None:
    """Write the access log's JSON lines as short ones."""
    shown = []
    for line in lines.splitlines():
        record = json.loads(line)
        at = datetime.fromisoformat(record["time"]).astimezone().strftime("%H:%M:%S")
        what = f"{record['method']} {record['route']} {record['status']} {record['ms']} ms"
        shown.append(f"{at} REQUEST {what}\n")
    write("".join(shown).encode())


def _catch_the_uncaught() -> None:
    """Send through the log what Python would print as it is: errors nobody caught.

    What ends the process is told in its own words: start and stop know of no journal text.
    """

    def ended(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            told = one_line(redact(str(error)))
            log.critical("The process ends: %s", told, exc_info=(kind, error, where))

    def ended_thread(found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None:
            log.error("A thread ended with an error.", exc_info=found.exc_value)

    def unraisable(found: sys.UnraisableHookArgs) -> None:
        if found.exc_value is not None:
            log.error("An error could not be raised.", exc_info=found.exc_value)

    sys.excepthook = ended
    threading.excepthook = ended_thread
    sys.unraisablehook = unraisable
