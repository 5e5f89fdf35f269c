"""Lines I1 to I6: the key, the environment and the way in."""

from __future__ import annotations

import ipaddress
import math
from collections import Counter
from typing import Final

from journiv.config.secrets import KEY_FILE, MAKE_ONE, MIN_LENGTH, is_placeholder
from journiv.services.doctor.check import PASS, Check, Verdict, unless
from journiv.services.doctor.evidence import Evidence
from journiv.services.doctor.machine import is_open

LEAST_BITS: Final = 80.0
_ALL: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not bound


def secret_key(evidence: Evidence) -> Verdict:
    """Judge SECRET_KEY; outside production the server makes a random one when it is unset."""
    settings = evidence.settings
    key = settings.secret_key
    if key is None:
        return unless(not settings.production, "fail", f"Set SECRET_KEY. Make one: {MAKE_ONE}")
    if is_placeholder(key) or len(key) < MIN_LENGTH or entropy(key) < LEAST_BITS:
        return Verdict("fail", f"SECRET_KEY can be guessed. Make a random one: {MAKE_ONE}")
    file = settings.values[""]["secret_key"].path or settings.data / KEY_FILE
    return unless(not is_open(file), "warn", f"Others can read {file.name}; make it 0600.")


def entropy(key: str) -> float:
    """Estimate a key's bits from how often its characters occur (Shannon), repetitions once.

    No estimate can tell a sentence from chance; this finds what was typed on one spot.
    """
    once = key[: (key + key).find(key, 1)]
    shares = [count / len(once) for count in Counter(once).values()]
    return len(once) * -sum(share * math.log2(share) for share in shares)


def environment(evidence: Evidence) -> Verdict:
    """Judge ENVIRONMENT."""
    return unless(evidence.settings.production, "fail", "Set ENVIRONMENT=production.")


def debug(evidence: Evidence) -> Verdict:
    """Judge DEBUG."""
    return unless(not evidence.settings.debug, "fail", "Set DEBUG=false.")


def scheme(evidence: Evidence) -> Verdict:
    """Judge DOMAIN_SCHEME; plain http may be right inside one's own network."""
    advice = "Set DOMAIN_SCHEME=https; with http, cookies and diaries travel unprotected."
    return unless(evidence.settings.domain_scheme == "https", "warn", advice)


def https_in_front(evidence: Evidence) -> Verdict:
    """Judge what the proxy says clients use, or what the public address answers."""
    said = evidence.seen.scheme
    if said and said != "https":
        return Verdict("warn", "Somebody came by plain http; let the proxy redirect http to https.")
    outside = evidence.outside
    if said == "https" or (outside is not None and outside.expires is not None):
        return PASS
    return Verdict("manual", "See that a proxy ends TLS and sends X-Forwarded-Proto.")


def firewall(evidence: Evidence) -> Verdict:
    """Judge APP_HOST; in a container everything is listened to, and ports are published outside."""
    by_hand = Verdict("manual", "See that only the proxy's ports are open to the outside.")
    if evidence.machine.in_container or not _public(evidence.settings.host):
        return by_hand
    return Verdict("warn", "Set APP_HOST to an address that only the proxy reaches: 127.0.0.1.")


def _public(host: str) -> bool:
    if host in _ALL:
        return True
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False


CHECKS = (
    Check("I1", "strong SECRET_KEY", secret_key),
    Check("I2", "ENVIRONMENT is production", environment),
    Check("I3", "DEBUG is off", debug),
    Check("I4", "DOMAIN_SCHEME is https", scheme),
    Check("I5", "HTTPS in front", https_in_front),
    Check("I6", "firewall", firewall),
)
