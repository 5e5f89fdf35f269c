"""Whether Redis answers: one PING in its own protocol (RESP), so that no client is needed."""

from __future__ import annotations

import socket
import ssl
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT: Final = 2.0
_PORT: Final = 6379


def trouble(url: str) -> str | None:
    """Return why the Redis of `REDIS_URL` does not answer, None when it does. Blocks."""
    try:
        with _connected(urlsplit(url)) as wire, wire.makefile("rb") as answers:
            for words in _commands(urlsplit(url)):
                wire.sendall(_written(words))
                answer = answers.readline(200).decode(errors="replace").strip()
                if not answer.startswith("+"):
                    return "it refuses: " + (answer.lstrip("-") or "no answer")
    except OSError as error:
        return error.strerror or str(error) or type(error).__name__
    except ValueError:  # whose words may hold a part of the password
        return "it is no address of a Redis"
    return None


def guarded(url: str) -> bool:
    """Say whether it has a password, or is out of reach for other machines."""
    parts = urlsplit(url)
    return bool(parts.password) or parts.scheme == "unix" or _loopback(parts.hostname or "")


def _connected(parts: SplitResult) -> socket.socket:
    if parts.scheme == "unix":
        local = socket.socket(socket.AF_UNIX)
        local.settimeout(TIMEOUT)
        local.connect(parts.path)
        return local
    host = parts.hostname or "localhost"
    plain = socket.create_connection((host, parts.port or _PORT), TIMEOUT)
    if parts.scheme == "rediss":
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    return plain


def _commands(parts: SplitResult) -> list[list[str]]:
    if not parts.password:
        return [["PING"]]
    names = [unquote(parts.username)] if parts.username else []
    return [["AUTH", *names, unquote(parts.password)], ["PING"]]


def _written(words: list[str]) -> bytes:
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        data = word.encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
