from __future__ import annotations

import json
import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from journiv.cli.logs import KEPT, LONGEST, JsonFormatter, PeopleFormatter, SafeFormatter
from journiv.cli.traces import trace
from journiv.domain.errors import NotFound
from journiv.services.doctor.recent import MOST, recent_warnings

FORMS = [JsonFormatter, PeopleFormatter]


def record(message: object, *arguments: object, error: BaseException | None = None):
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(
        "journiv.x", logging.ERROR, __file__, 1, message, arguments or None, info
    )


def raised(error: BaseException, *, behind: BaseException | None = None) -> BaseException:
    try:
        if behind is not None:
            raise error from raised(behind)
        raise error
    except BaseException as caught:
        return caught


@pytest.mark.parametrize("form", FORMS)
def test_LOG_2_a_message_stays_one_line(form: type[SafeFormatter]) -> None:
    line = form().format(record("seen %s", 'a\n{"level":"ERROR"}\x1b[2J\u2028b\x85c\rd'))
    assert line.splitlines() == [line]
    assert line.isprintable()


@pytest.mark.parametrize("form", FORMS)
def test_a_message_without_end_is_cut(form: type[SafeFormatter]) -> None:
    line = form().format(record("x" * 5_000_000))
    assert len(line) < 2 * LONGEST
    assert "(5000000 characters)" in line


def test_LOG_2_json_lines_are_ascii_and_parse() -> None:
    line = JsonFormatter().format(record("Zürich \u2028 %s", "\udc80"))
    assert line.isascii()
    assert json.loads(line)["message"] == "Zürich \\u2028 \\udc80"


def test_LOG_2_a_trace_for_people_holds_no_line_that_looks_like_a_record() -> None:
    forged = "x\n12:00:00 ERROR   journiv.x: forged\u202812:00:01 ERROR y"
    shown = PeopleFormatter(whole=True).format(record("failed", error=raised(ValueError(forged))))
    first, *rest = shown.splitlines()
    assert first.endswith("journiv.x: failed")
    assert all(line.startswith("    ") for line in rest)
    assert "forged" in shown


@pytest.mark.parametrize("form", FORMS)
def test_secrets_are_masked_in_messages_and_in_traces(form: type[SafeFormatter]) -> None:
    error = raised(ValueError("postgresql://me:hidden1@db and jr1.hidden2"))
    shown = form(whole=True).format(record("Bearer %s", "hidden3token", error=error))
    assert "hidden" not in shown
    assert "ValueError" in shown


@pytest.mark.parametrize("form", FORMS)
def test_a_message_whose_arguments_do_not_fit_is_written_without_them(
    form: type[SafeFormatter],
) -> None:
    shown = form().format(record("%d of it", "dear diary"))
    assert "%d of it" in shown
    assert "dear diary" not in shown


def test_a_trace_tells_where_and_not_what_was_written() -> None:
    error = raised(RuntimeError("dear diary 1"), behind=KeyError("dear diary 2"))
    shown = trace(error)
    assert "dear diary" not in shown
    assert shown.index("builtins.KeyError") < shown.index("This led to:")
    assert shown.endswith("builtins.RuntimeError")
    assert "in raised" in shown
    assert trace(error, whole=True).endswith("builtins.RuntimeError: dear diary 1")


def test_a_trace_tells_what_is_safe_our_sentences_and_the_systems() -> None:
    assert trace(raised(NotFound("No such entry."))).endswith("NotFound: No such entry.")
    missing = raised(OSError(2, "No such file or directory", "/home/sam/diary.txt"))
    assert trace(missing).endswith("FileNotFoundError: No such file or directory")


def test_a_trace_of_a_group_and_of_a_circle_ends() -> None:
    first, second = raised(ValueError("a")), raised(ValueError("b"))
    first.__context__, second.__context__ = second, first
    group = ExceptionGroup("several", [first, second])
    assert trace(group).count("builtins.ValueError") >= 2


UNCAUGHT = """
import threading
from journiv.cli import logs
from journiv.config import Sources, core

logs.set_up(core(Sources({"ENVIRONMENT": "test", "JOURNIV_DATA": "data"}, None, {})))

def fail():
    raise ValueError("dear diary")

thread = threading.Thread(target=fail)
thread.start()
thread.join()
raise ValueError("postgresql://me:hidden@db fails")
"""


def test_errors_that_nobody_caught_go_through_the_log(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", UNCAUGHT], cwd=tmp_path, capture_output=True, text=True
    )
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [line["level"] for line in lines] == ["ERROR", "CRITICAL"]
    assert all("builtins.ValueError" in line["trace"] for line in lines)
    assert "dear diary" not in ran.stderr
    assert lines[1]["message"] == "The process ends: postgresql://[redacted]@db fails"
    assert ran.returncode == 1


WARNING = """
import logging
import os
from journiv.cli import logs
from journiv.config import Sources, core

os.umask(0o077)
logs.set_up(core(Sources({"ENVIRONMENT": "test", "JOURNIV_DATA": "data"}, None, {})))
logging.getLogger("journiv.x").info("nothing to keep")
for number in range(3000):
    logging.getLogger("journiv.x").warning("number %d of jr1.hidden-token%s", number, "." * 200)
"""


def test_LOG_6_warnings_are_kept_in_a_small_file_for_nobody_else(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WARNING], cwd=tmp_path, check=True, capture_output=True)
    folder = tmp_path / "data"
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == ["warnings.log", "warnings.log.1"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, *files)] == [0o700, 0o600, 0o600]
    assert all(file.stat().st_size <= KEPT for file in files)
    kept = recent_warnings(tmp_path / "data")
    assert len(kept) == MOST
    assert kept[-1]["message"].startswith("number 2999 of [redacted]")


def test_a_data_folder_that_cannot_be_written_keeps_nobody_from_starting(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    subprocess.run([sys.executable, "-c", WARNING], cwd=tmp_path, check=True, capture_output=True)
    assert recent_warnings(tmp_path / "data") == []


COMMAND = """
import logging
from journiv.cli import logs

logs.set_up_for_command()
log = logging.getLogger("journiv.x")
log.info("nothing to say")
log.warning("redis://:hidden1@cache is away\\nforged")
try:
    raise ValueError("hidden2")
except ValueError:
    log.exception("it failed")
"""


def test_a_command_tells_warnings_in_plain_lines_without_secrets() -> None:
    ran = subprocess.run([sys.executable, "-c", COMMAND], capture_output=True, text=True)
    first, second, *trace = ran.stderr.splitlines()
    assert first == r"redis://[redacted]@cache is away\nforged"
    assert second == "it failed"
    assert trace[-1] == "    builtins.ValueError"
    assert "hidden" not in ran.stderr.replace('ValueError("hidden2")', "")
