"""An S3 server of the tests' own, which checks signatures: rclone over a folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from tests.ports import free_port

KEY_ID = "JOURNIVTESTS"
SECRET = "not-a-secret-but-long-enough-0123456789"
BUCKET = "pictures"

_PATIENCE = 15.0


class S3Server:
    """`rclone serve s3` over `folder`, whose subfolders are buckets; it has one, `BUCKET`."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.folder = folder / "buckets"
        self.log = folder / "rclone.log"
        self._options: Sequence[str] = options
        self._process: subprocess.Popen[bytes] | None = None
        (self.folder / BUCKET).mkdir(parents=True)

    def url(self, prefix: str = "", bucket: str = BUCKET, **asked: str) -> str:
        """Return what `JOURNIV_MEDIA_URL` would be."""
        query = urlencode({"endpoint": self.endpoint, **asked}, safe=":/")
        return f"s3://{bucket}/{prefix}?{query}"

    def files(self, bucket: str = BUCKET) -> list[str]:
        """Return what lies on the disk, unfinished uploads too."""
        root = self.folder / bucket
        return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())

    def start(self) -> None:
        """Start, and return when it answers. Raises AssertionError with its log otherwise."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    rclone(), "serve", "s3", str(self.folder), "--config", os.devnull,
                    "--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY_ID},{SECRET}",
                    "--poll-interval", "0", *self._options,
                ],
                cwd=self.log.parent, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self._process.poll() is None, self.log.read_text(errors="replace")
            assert time.monotonic() < deadline, self.log.read_text(errors="replace")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it; what it keeps stays."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def rclone() -> str:
    """Return where the program is that the development requirements bring."""
    program = shutil.which("rclone", path=Path(sys.executable).parent)
    assert program is not None, "rclone is missing; ./dev test installs it"
    return program
