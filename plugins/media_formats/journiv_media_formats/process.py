"""The confined process that bytes of strangers are given to, seen from the server."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import orjson

from journiv.domain.errors import Unavailable, Unprocessable

DEADLINE: Final = 30.0
"""Seconds an answer may take before the process is killed."""

IDLE: Final = 30.0
"""Seconds without work after which the process is ended, to give its memory back."""

COMMAND: Final = (sys.executable, "-I", "-m", "journiv_media_formats.worker")
_LINE: Final = 1024 * 1024
_TOO_HARD: Final = "This file cannot be read."


class WorkerProcess:
    """One process, one question at a time, each a line of JSON; started when first needed.

    It knows nothing of the server's environment (no secrets), and whatever happens to it happens
    to one file: the next question gets a new process.
    """

    def __init__(
        self, log: logging.Logger, *, deadline: float = DEADLINE, idle: float = IDLE
    ) -> None:
        self._log = log
        self._deadline = deadline
        self._idle = idle
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._resting: asyncio.TimerHandle | None = None

    async def ask(self, question: Mapping[str, Any]) -> Any:
        """Return the answer.

        Raises `Unprocessable` when the file was refused or the process died of it, `Unavailable`
        when no process could be started or the deadline passed.
        """
        async with self._turn:
            self._stay()
            used = self._process is not None
            line = await self._exchange(question)
            if line is None and used:  # it may have died before, or of an earlier file
                line = await self._exchange(question)
            self._rest()
        if line is None:
            self._log.warning("the media worker died of a file")
            raise Unprocessable(_TOO_HARD)
        answer = orjson.loads(line)
        if "refused" in answer:
            raise Unprocessable(answer["refused"])
        return answer["value"]

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            self._stay()
            await self._end()

    @property
    def pid(self) -> int | None:
        """The process that runs now, None between a rest and the next question."""
        return None if self._process is None else self._process.pid

    async def _exchange(self, question: Mapping[str, Any]) -> bytes | None:
        """Return the line of the answer; None when the process died instead."""
        answered = False
        try:
            async with asyncio.timeout(self._deadline):
                process = await self._running()
                line = await _said(process, orjson.dumps(question) + b"\n")
            answered = line.endswith(b"\n")
        except TimeoutError:
            self._log.warning("the media worker was killed at its deadline")
            raise Unavailable("This file took too long to read.") from None
        finally:
            if not answered:
                await self._end()
        return line if answered else None

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *COMMAND,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    env=_environment(),
                    start_new_session=True,
                    limit=_LINE,
                )
            except OSError as error:
                raise Unavailable("Media cannot be read now.") from error
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()

    def _rest(self) -> None:
        if self._process is not None:
            loop = asyncio.get_running_loop()
            self._resting = loop.call_later(self._idle, self._hang_up, self._process)

    def _stay(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None

    def _hang_up(self, process: asyncio.subprocess.Process) -> None:
        """Close its input: it ends by itself, and the next question starts another."""
        if process.stdin is not None:
            process.stdin.close()
        self._process = None


async def _said(process: asyncio.subprocess.Process, line: bytes) -> bytes:
    """Return the next line of the process, without its end when there was none."""
    if process.stdin is None or process.stdout is None:
        return b""
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(line)
        await process.stdin.drain()
    try:
        return await process.stdout.readline()
    except ValueError:  # longer than any answer
        return b""


def _environment() -> dict[str, str]:
    """Return what the process may know: where programs are, and to keep memory in one arena."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
