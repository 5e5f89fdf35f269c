"""The server as others see it: its own public address, asked for. Blocks; only with `--online`.

Nothing secret is sent, and only the host of the public address is asked. Pages are fetched without
checking the certificate, which is judged by itself.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

PAGES: Final = ("/entry/x", "/oidc-finish")
TIMEOUT: Final = 5.0
# A ValueError is what a name gives that cannot be looked up.
_UNANSWERED: Final = (OSError, ValueError, http.client.HTTPException)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What was found.

    `certificate` says why it is not accepted, None when it is or was not seen; `expires` is when
    it ends. `pages` says what is wrong with the addresses of the web app, a sentence each.
    `own_port` is whether the server answers there at its own port too, around the proxy.
    """

    certificate: str | None
    expires: datetime | None
    pages: tuple[str, ...]
    own_port: bool


def look(public_url: str, port: int) -> Outside:
    """Fetch the certificate and some pages, and ask at the server's own `port`."""
    try:
        address = urlsplit(public_url)
        _port(address)
    except ValueError:
        nowhere = f"{public_url} is no address; look at DOMAIN_NAME."
        return Outside(certificate=None, expires=None, pages=(nowhere,), own_port=False)
    refused, expires = _certificate(address) if address.scheme == "https" else (None, None)
    return Outside(
        certificate=refused,
        expires=expires,
        pages=tuple(_pages(address)),
        own_port=port != _port(address) and _is_server(address.hostname or "", port),
    )


def _certificate(address: SplitResult) -> tuple[str | None, datetime | None]:
    host = address.hostname or ""
    try:
        with (
            socket.create_connection((host, _port(address)), TIMEOUT) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured,
        ):
            ends = str((secured.getpeercert() or {}).get("notAfter", ""))
            return None, datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
    except ssl.SSLCertVerificationError as error:
        return error.verify_message, None
    except ssl.SSLError as error:
        return error.reason or "the handshake failed", None
    except (OSError, ValueError):
        return None, None  # nobody answers: the pages tell that


def _pages(address: SplitResult) -> Iterator[str]:
    for path in PAGES:
        try:
            connection = _connection(address)
            try:
                connection.request("GET", path, headers={"Accept": "text/html"})
                answer = connection.getresponse()
                kind = answer.headers.get_content_type()
            finally:
                connection.close()
        except _UNANSWERED as error:
            yield f"{address.geturl()} does not answer: {type(error).__name__}."
            return
        if answer.status != http.client.OK or kind != "text/html":
            yield f"{path} answers {answer.status} {kind} instead of the web app."


def _is_server(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == http.client.OK
    except _UNANSWERED:
        return False
    finally:
        connection.close()


def _port(address: SplitResult) -> int:
    return address.port or (443 if address.scheme == "https" else 80)


def _connection(address: SplitResult) -> http.client.HTTPConnection:
    host, port = address.hostname or "", address.port
    if address.scheme != "https":
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
