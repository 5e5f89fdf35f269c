"""HTTP without a client's good manners: the bytes that are sent and the answer as it comes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson

from tests.api.server import ServerProcess


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer: its status, its headers in order with lower-case names, and its body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    def header(self, name: str) -> str | None:
        """Return a header that must not stand twice, or None."""
        values = self.all(name)
        assert len(values) < 2, values
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name.lower()]


class Connection:
    """One connection to a server, from an address of choice (127.0.0.0/8 is all ours)."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, server: ServerProcess, *, source: str = "127.0.0.1") -> Connection:
        opened = await asyncio.open_connection("127.0.0.1", server.port, local_addr=(source, 0))
        return cls(*opened)

    async def send(self, *pieces: bytes) -> None:
        """Send piece after piece."""
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()

    async def receive(self, *, bodiless: bool = False) -> Raw:
        """Read one answer; `bodiless` for the answer to HEAD."""
        async with asyncio.timeout(15):
            head = await self._reader.readuntil(b"\r\n\r\n")
            status, headers = _head(head)
            if status == 100:
                return Raw(status, headers, b"")
            body = b"" if bodiless or status in (204, 304) else await self._body(headers)
        return Raw(status, headers, body)

    async def ask(self, method: str, target: str, *headers: str, body: bytes = b"") -> Raw:
        """Send a request for `target` as it is, with `Name: value` headers besides Host."""
        lines = [f"{method} {target} HTTP/1.1"]
        if not any(header.lower().startswith("host:") for header in headers):
            lines.append("Host: localhost")
        lines += headers
        if body or method in ("POST", "PUT", "PATCH"):
            lines.append(f"Content-Length: {len(body)}")
        await self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        return await self.receive(bodiless=method == "HEAD")

    async def close(self) -> None:
        self._writer.close()

    async def _body(self, headers: tuple[tuple[str, str], ...]) -> bytes:
        known = dict(headers)
        if "content-length" in known:
            return await self._reader.readexactly(int(known["content-length"]))
        if known.get("transfer-encoding") != "chunked":
            return await self._reader.read()
        body = b""
        while size := int(await self._reader.readline(), 16):
            body += (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readline()
        return body


async def ask(
    server: ServerProcess,
    method: str,
    target: str,
    *headers: str,
    body: bytes = b"",
    source: str = "127.0.0.1",
) -> Raw:
    """Send one request on a connection of its own."""
    connection = await Connection.open(server, source=source)
    try:
        return await connection.ask(method, target, *headers, body=body)
    finally:
        await connection.close()


def _head(head: bytes) -> tuple[int, tuple[tuple[str, str], ...]]:
    line, *rest = head.decode("latin-1").split("\r\n")[:-2]
    pairs = (one.partition(":") for one in rest)
    return int(line.split()[1]), tuple((name.lower(), value.strip()) for name, _, value in pairs)
