"""The loop: a line of JSON in, a line of JSON out, until the input ends."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from journiv_media_formats.worker import limits, pictures
from journiv_media_formats.worker.refusal import Refused
from journiv_media_formats.worker.tasks import TASKS

CANNOT_READ = "This file cannot be read."
TOO_LARGE = "This file needs too much memory to be read."


def main() -> None:
    """Answer until the server closes the input."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    pictures.prepare()
    limits.confine()
    for line in sys.stdin:
        question = json.loads(line)
        limits.allow_seconds()
        limits.allow_memory(_size(question["path"]))
        answers.write(json.dumps(answer(question)) + "\n")
        answers.flush()


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do a task; whatever goes wrong with a stranger's file is said of that file."""
    task = TASKS[question.pop("task")]
    try:
        return {"value": task(**question)}
    except Refused as refused:
        return {"refused": refused.sentence}
    except MemoryError:
        return {"refused": TOO_LARGE}
    except Exception:  # decoders raise anything
        return {"refused": CANNOT_READ}


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:  # the task says what is wrong with it
        return 0


if __name__ == "__main__":
    main()
