"""nginx before several servers, run from `deploy/nginx/replicas.conf` without TLS."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.processes import ROOT
from devtools import programs

SITE: Final = ROOT / "deploy" / "nginx" / "replicas.conf"
_PATIENCE: Final = 15.0
_MAIN: Final = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
{user}
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include {folder}/site.conf;
}}
"""


class Balancer:
    """nginx on `port`, sharing requests among the servers at the given ports."""

    def __init__(self, folder: Path, port: int, servers: Sequence[int]) -> None:
        self.port = port
        self.log = folder / "nginx.log"
        self._folder = folder
        self._servers = servers
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its first process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start, and return when it listens. Raises AssertionError with its log otherwise."""
        program = programs.locate(programs.NGINX)
        assert program is not None, "nginx is missing; ./dev test installs or names it"
        (self._folder / "site.conf").write_text(site(self.port, self._servers))
        user = "user root;" if os.geteuid() == 0 else ""  # its children must reach the folder
        main = self._folder / "nginx.conf"
        main.write_text(_MAIN.format(folder=self._folder, user=user))
        command = [program, "-p", str(self._folder), "-e", "stderr", "-c", str(main)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + _PATIENCE
        while not self._listens():
            assert self._process.poll() is None, self.log.read_text(errors="replace")
            assert time.monotonic() < deadline, self.log.read_text(errors="replace")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            finally:
                self._process.kill()
                self._process.wait()
                self._process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def site(port: int, servers: Sequence[int]) -> str:
    """Return the deployed configuration with this port, these servers, and no TLS."""
    text = SITE.read_text()
    lines = re.compile(r"^    server 127\.0\.0\.1:\d+(.*;)$\n", re.MULTILINE)
    options = lines.findall(text)[0]
    servers_here = "".join(f"    server 127.0.0.1:{one}{options}\n" for one in servers)
    text = lines.sub("", text).replace(
        "upstream journiv {\n", f"upstream journiv {{\n{servers_here}"
    )
    text = re.sub(r"^server \{\n    listen 80;.*?^\}\n", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^ +ssl_.*\n", "", text, flags=re.MULTILINE)
    changed = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    assert changed != text, "the configuration does not listen on 443"
    return changed
