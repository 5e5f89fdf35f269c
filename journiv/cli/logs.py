"""Where log lines go: JSON to stderr, or lines for people in development (security.md D22)."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from journiv.config import Settings

Write = Callable[[bytes], object]


def set_up(settings: Settings) -> Write | None:
    """Direct the log to stderr; return what the access log writes to, None when it is off."""
    handler = logging.StreamHandler(sys.stderr)
    for_people = settings.environment == "development"
    handler.setFormatter(PeopleFormatter() if for_people else JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    logging.captureWarnings(True)
    logging.getLogger("alembic").setLevel(max(root.level, logging.WARNING))
    if root.level > logging.INFO:
        return None
    return write_for_people if for_people else write


class JsonFormatter(logging.Formatter):
    """One line of JSON a record; control characters are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class PeopleFormatter(logging.Formatter):
    """Time, level, who, what."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")


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
