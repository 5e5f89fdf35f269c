"""A connection for measuring."""

from __future__ import annotations

import asyncio

from bench.processes import Process


class Connection:
    """A kept connection that costs the measuring side little."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, server: Process) -> Connection:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", server.port))

    async def ask(self, method: str, path: str, *, token: str = "", body: bytes = b"") -> int:
        """Send a request, read its answer and return the status."""
        signed = f"Authorization: Bearer {token}\r\n" if token else ""
        self._writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"{signed}Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
        await self._reader.readexactly(int(length or 0))
        return int(head.split()[1])

    def close(self) -> None:
        """Disconnect."""
        self._writer.close()
