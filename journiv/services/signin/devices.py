"""What a session remembers of where it was opened: enough to recognise, too little to track."""

from __future__ import annotations

import ipaddress
from typing import Final

_PROGRAMS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("okhttp", "an Android app"),
    ("Dart", "a mobile app"),
    ("python", "a Python program"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_label(user_agent: str) -> str:
    """Name the family of a browser and its system; `Unknown device` when neither is known."""
    program = _first(_PROGRAMS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if program and system:
        return f"{program} on {system}"
    return program or system or "Unknown device"


def network(address: str) -> str:
    """Return the network of an IP address (IPv4 /24, IPv6 /48); empty when it is none."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    kept = mapped or parsed
    length = 24 if kept.version == 4 else 48
    return str(ipaddress.ip_network(f"{kept}/{length}", strict=False))


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
