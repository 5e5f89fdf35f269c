"""Asking the provider for the check of the set-up: every failure becomes its own sentence."""

from __future__ import annotations

import errno
import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from journiv_auth_oidc.provider import LARGEST, TIMES, trust
from journiv_auth_oidc.settings import Config

_EXPIRED: Final = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_OTHER_NAME: Final = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH


class NoAnswer(Exception):
    """Nothing usable came back; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered; at most `LARGEST` bytes of its body are kept."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Mapping[str, Any]:
        """Return the JSON object it is. Raises `ValueError` for anything else."""
        try:
            found = json.loads(self.body)
        except RecursionError as error:
            raise ValueError("too deep") from error
        if not isinstance(found, dict):
            raise ValueError("no object")
        return found

    def text(self) -> str:
        """Return the body to look for words in."""
        return self.body.decode("utf-8", "replace")


class Probe:
    """Asks as the server would: same time limits, same trust, no redirects followed."""

    def __init__(self, config: Config) -> None:
        self._config = config

    async def ask(
        self,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a GET, or a form as POST. Raises `NoAnswer`."""
        try:
            connector = aiohttp.TCPConnector(ssl=trust(self._config))
        except OSError as error:
            file = self._config.ca_file
            raise NoAnswer(f"OIDC_CA_FILE={file} cannot be read as certificates.") from error
        method = "GET" if form is None else "POST"
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMES, connector=connector) as session,
                session.request(
                    method, url, data=form, headers=headers, allow_redirects=False
                ) as answer,
            ):
                body = b""
                async for part in answer.content.iter_chunked(65536):
                    body += part
                    if len(body) > LARGEST:
                        raise NoAnswer(
                            f"{_where(url)} sends more than one mebibyte; that is no OIDC."
                        )
                return Answer(answer.status, answer.headers.copy(), body)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise NoAnswer(_explained(url, error)) from error


def _explained(url: str, error: Exception) -> str:
    where = _where(url)
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return _untrusted(where, error.certificate_error)
        case aiohttp.ClientConnectorSSLError():
            return f"{where} does not speak TLS at this port: is https right, and the port?"
        case aiohttp.ClientConnectorDNSError():
            return (
                f"The name {urlsplit(url).hostname} is not known on this machine. "
                "Inside a container it must be a name the container can resolve."
            )
        case aiohttp.ClientConnectorError():
            reason = os.strerror(error.os_error.errno or errno.ECONNREFUSED)
            return f"{where} cannot be reached from here ({reason}): is it running?"
        case TimeoutError():
            return f"{where} did not answer within {TIMES.total:.0f} seconds."
        case aiohttp.InvalidURL() | ValueError():
            return f"{url} is not an address."
        case _:
            return f"{where} ended the connection without an answer: is http right, and the port?"


def _untrusted(where: str, error: Exception) -> str:
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else 0
    if code == _EXPIRED:
        return f"The certificate of {where} has expired; renew it at the provider."
    if code in _OTHER_NAME:
        return f"The certificate of {where} is for another name; OIDC_ISSUER must use its name."
    return (
        f"The certificate of {where} is signed by an authority this server does not know. "
        "Name the authority's PEM file in OIDC_CA_FILE."
    )


def _where(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
