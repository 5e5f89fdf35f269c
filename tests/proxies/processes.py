"""The proxies of `deploy/`, run from their own files with other ports and a test's certificate."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools import programs
from devtools.paths import ROOT
from devtools.programs import SystemProgram
from tests.proxies.certificates import Certificates

NAME = "journal.example.org"
UPSTREAM = "127.0.0.1:8000"
_PATIENCE = 15.0

# As the page shows it (its name and its one rule), made to listen with TLS. Alone, nginx sends
# the name of the upstream as Host: here that name is an address, so the default is given outside.
LITERAL = """
server {
    server_name journal.example.org;
    listen 443 ssl;
    ssl_certificate     /etc/ssl/journal.example.org/fullchain.pem;
    ssl_certificate_key /etc/ssl/journal.example.org/privkey.pem;
    location / { proxy_pass http://127.0.0.1:8000; }
}
"""
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
{user}
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    {more}
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a proxy listens, and where the server behind it does."""

    plain: int
    tls: int
    server: int


class Proxy:
    """A running proxy; `url` is its https address, `plain` its http one."""

    def __init__(self, program: SystemProgram, folder: Path, ports: Ports) -> None:
        self.url = f"https://{NAME}:{ports.tls}"
        self.plain = f"http://{NAME}:{ports.plain}"
        self._ports = ports
        self._folder = folder
        self._log = folder / "proxy.log"
        path = programs.locate(program)
        assert path is not None, f"{program.name} is missing; ./dev test installs or names it"
        self._program = path
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> None:
        home = {"HOME": str(self._folder), "XDG_DATA_HOME": str(self._folder)}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, *arguments],
                env={"PATH": os.environ["PATH"], **home},
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self._log.read_text(errors="replace")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._ports.tls)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"no answer in time: {self._log.read_text(errors='replace')}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            finally:
                self._process.kill()
                self._process.wait()


def nginx(folder: Path, ports: Ports, made: Certificates) -> Proxy:
    return _nginx(folder, ports, made, _deployed("nginx/journiv.conf"), "")


def replicas_nginx(folder: Path, ports: Ports, made: Certificates) -> Proxy:
    """Run nginx before three servers, which are one and the same here."""
    several = re.sub(r"127\.0\.0\.1:800[1-3]\b", UPSTREAM, _deployed("nginx/replicas.conf"))
    return _nginx(folder, ports, made, several, "")


def literal_nginx(folder: Path, ports: Ports, made: Certificates) -> Proxy:
    return _nginx(folder, ports, made, LITERAL, "proxy_set_header Host journiv:8000;")


def _nginx(folder: Path, ports: Ports, made: Certificates, site: str, more: str) -> Proxy:
    changes = [
        ("/etc/ssl/journal.example.org/fullchain.pem", str(made.chain)),
        ("/etc/ssl/journal.example.org/privkey.pem", str(made.key)),
        ("listen 443", f"listen 127.0.0.1:{ports.tls}"),
        ("listen 80;", f"listen 127.0.0.1:{ports.plain};"),
        (UPSTREAM, f"127.0.0.1:{ports.server}"),
    ]
    (folder / "site.conf").write_text(_changed(site, changes, optional=("listen 80;",)))
    user = "user root;" if os.geteuid() == 0 else ""  # its children must reach the folder
    main = folder / "nginx.conf"
    main.write_text(_NGINX.format(folder=folder, user=user, more=more))
    proxy = Proxy(programs.NGINX, folder, ports)
    proxy.start("-p", str(folder), "-e", "stderr", "-c", str(main))
    return proxy


def caddy(folder: Path, ports: Ports, made: Certificates) -> Proxy:
    options = f"{{\n admin off\n http_port {ports.plain}\n https_port {ports.tls}\n}}\n"
    changes = [
        (f"{NAME} {{", f"{options}{NAME} {{\n bind 127.0.0.1\n tls {made.chain} {made.key}"),
        (UPSTREAM, f"127.0.0.1:{ports.server}"),
    ]
    site = folder / "Caddyfile"
    site.write_text(_changed(_deployed("caddy/Caddyfile"), changes))
    proxy = Proxy(programs.CADDY, folder, ports)
    proxy.start("run", "--config", str(site), "--adapter", "caddyfile")
    return proxy


def haproxy(folder: Path, ports: Ports, made: Certificates) -> Proxy:
    changes = [
        ("bind :80\n", f"bind 127.0.0.1:{ports.plain}\n"),
        ("bind :443", f"bind 127.0.0.1:{ports.tls}"),
        ("/etc/haproxy/journal.example.org.pem", str(made.both)),
        (UPSTREAM, f"127.0.0.1:{ports.server}"),
    ]
    site = folder / "haproxy.cfg"
    site.write_text(_changed(_deployed("haproxy/haproxy.cfg"), changes))
    proxy = Proxy(programs.HAPROXY, folder, ports)
    proxy.start("-db", "-f", str(site))
    return proxy


def _deployed(name: str) -> str:
    return (ROOT / "deploy" / name).read_text()


def _changed(text: str, changes: Sequence[tuple[str, str]], optional: Sequence[str] = ()) -> str:
    """Replace what a machine decides; a change that finds nothing would test nothing."""
    for old, new in changes:
        assert old in text or old in optional, f"the configuration has no {old!r}"
        text = text.replace(old, new)
    return text
