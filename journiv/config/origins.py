"""`CORS_ORIGINS`: which other sites' pages may call the API (security.md D16)."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from journiv.domain.errors import ConfigError

_DEFAULT_PORTS = {"http": 80, "https": 443}


def check_origins(origins: Sequence[str], *, production: bool) -> None:
    """Refuse everything but exact origins.

    A browser sends scheme, host and a port that is not the scheme's own, in lower case, so an
    origin written differently would never match. In production other machines must use https.
    Raises `ConfigError` with the spelling that works.
    """
    if not origins:
        raise ConfigError(
            "ENABLE_CORS is true, but CORS_ORIGINS names no origin. "
            "List them, such as https://app.example.org, or switch ENABLE_CORS off."
        )
    for text in origins:
        reason = _flaw(text, production)
        if reason:
            raise ConfigError(f"CORS_ORIGINS holds '{text}', but {reason}.")


def _flaw(text: str, production: bool) -> str | None:
    if text in ("*", "null"):
        return "any page could then read diaries; name exact origins such as https://a.example.org"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return "this is no origin; write one such as https://app.example.org"
    host = parts.hostname
    if parts.scheme not in _DEFAULT_PORTS or not host or "*" in host or "@" in parts.netloc:
        return "this is no origin; write one such as https://app.example.org"
    exact = _origin(parts.scheme, host, port)
    if text != exact:
        return f"an origin is exactly what browsers send: {exact}"
    if production and parts.scheme == "http" and not _is_loopback(host):
        return f"production needs https: https://{exact.partition('://')[2]}"
    return None


def _origin(scheme: str, host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    end = "" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}"
    return f"{scheme}://{shown}{end}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
