from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

import pytest

from journiv.domain.errors import Unavailable, Unprocessable
from journiv_media_formats.process import WorkerProcess
from tests.plugins.media_formats import samples
from tests.plugins.media_formats.conftest import Workshop

LOG = logging.getLogger("tests")


def limit(pid: int | None, name: str) -> str:
    """Return the soft limit of a process, as the kernel says it."""
    (line,) = [
        one for one in Path(f"/proc/{pid}/limits").read_text().splitlines() if one.startswith(name)
    ]
    return line[len(name) :].split()[0]


async def started(own_workshop: Workshop) -> int:
    """Start the process of uploads by its first question."""
    path = samples.photograph(own_workshop.folder, "png")
    await own_workshop.pictures.inspect(path, "image/png")
    assert own_workshop.uploads.pid is not None
    return own_workshop.uploads.pid


async def test_the_process_is_limited(own_workshop: Workshop):
    pid = await started(own_workshop)
    size = (own_workshop.folder / "photograph-1.png").stat().st_size
    assert limit(pid, "Max address space") == str(1024**3 + size)
    assert limit(pid, "Max open files") == "32"
    assert limit(pid, "Max core file size") == "0"
    assert 20 <= int(limit(pid, "Max cpu time")) <= 25


async def test_it_knows_no_secret_of_the_server(
    own_workshop: Workshop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SECRET_KEY", "canary-in-the-mine")
    pid = await started(own_workshop)
    assert b"canary" not in Path(f"/proc/{pid}/environ").read_bytes()


async def test_UPL_11_it_has_a_network_of_its_own_with_nothing_in_it(own_workshop: Workshop):
    pid = await started(own_workshop)
    assert Path(f"/proc/{pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
    devices = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    assert [one.split(":")[0].strip() for one in devices] == ["lo"]
    assert Path(f"/proc/{pid}/net/route").read_text().splitlines()[1:] == []


async def test_UPL_11_it_is_killed_at_its_deadline(tmp_path: Path):
    path = samples.photograph(tmp_path, "png")
    process = WorkerProcess(LOG, deadline=0.001)
    with pytest.raises(Unavailable):
        await process.ask({"task": "inspect", "path": str(path), "mime": "image/png"})
    assert process.pid is None
    await process.close()


async def test_files_after_a_death_are_read_by_a_new_process(own_workshop: Workshop):
    pid = await started(own_workshop)
    os.kill(pid, signal.SIGKILL)
    assert await started(own_workshop) != pid


async def test_a_file_that_kills_a_new_process_is_refused(own_workshop: Workshop):
    pipe = own_workshop.folder / "pipe"
    os.mkfifo(pipe)  # opening it waits, so that the process can be killed at work
    asked = asyncio.create_task(own_workshop.pictures.inspect(pipe, "image/png"))
    while own_workshop.uploads.pid is None:
        await asyncio.sleep(0.01)
    os.kill(own_workshop.uploads.pid, signal.SIGKILL)
    with pytest.raises(Unprocessable):
        await asked


async def test_it_ends_without_work_and_comes_again(tmp_path: Path):
    question = {"task": "inspect", "mime": "image/png"}
    question["path"] = str(samples.photograph(tmp_path, "png"))
    process = WorkerProcess(LOG, idle=0.01)
    await process.ask(question)
    while process.pid is not None:
        await asyncio.sleep(0.01)
    await process.ask(question)
    await process.close()


async def test_a_cancelled_question_leaves_no_answer_for_the_next(own_workshop: Workshop):
    await started(own_workshop)
    pipe = own_workshop.folder / "pipe"
    os.mkfifo(pipe)
    asked = asyncio.create_task(own_workshop.pictures.inspect(pipe, "image/png"))
    await asyncio.sleep(0.05)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    path = samples.photograph(own_workshop.folder, "jpg", 6)
    assert (await own_workshop.pictures.inspect(path, "image/jpeg")).width == 40


async def test_the_server_imports_no_decoder():
    code = "import sys, journiv_media_formats.processors; print('PIL' in sys.modules)"
    command = (sys.executable, "-c", code)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert said == b"False\n"


async def test_a_film_larger_than_the_memory_of_the_process_is_read(own_workshop: Workshop):
    path = samples.recording(own_workshop.folder, "mp4")
    with path.open("ab") as file:
        file.write((2 * 1024**3).to_bytes(4, "big") + b"mdat")
        file.truncate(file.tell() - 8 + 2 * 1024**3)  # a hole: it takes no room on the disk
    facts = await own_workshop.recordings.inspect(path, "video/mp4")
    assert facts.width == 320
