"""Lines I1 to I6: the key, the environment and the way in."""

from __future__ import annotations

from journiv.config import Settings
from journiv.services.doctor.check import PASS, Check, Finding, by_hand, unless

KEY_LENGTH = 32
PLACEHOLDERS = ("changeme", "change-me", "your-secret", "your_secret", "replace", "example")


def secret_key(settings: Settings) -> Finding:
    """Judge SECRET_KEY; unset is good, as the server then makes a random one."""
    key = settings.secret_key
    if key is None:
        return PASS
    placeholder = any(word in key.lower() for word in PLACEHOLDERS)
    good = len(key) >= KEY_LENGTH and not placeholder
    return unless(good, "fail", "Set SECRET_KEY to at least 32 random characters.")


def environment(settings: Settings) -> Finding:
    """Judge ENVIRONMENT."""
    return unless(settings.environment == "production", "fail", "Set ENVIRONMENT=production.")


def debug(settings: Settings) -> Finding:
    """Judge DEBUG."""
    return unless(not settings.debug, "fail", "Set DEBUG=false.")


def scheme(settings: Settings) -> Finding:
    """Judge DOMAIN_SCHEME; plain http may be right inside one's own network."""
    advice = "Set DOMAIN_SCHEME=https; with http, cookies and diaries travel unprotected."
    return unless(settings.domain_scheme == "https", "warn", advice)


CHECKS = (
    Check("I1", "strong SECRET_KEY", secret_key),
    Check("I2", "ENVIRONMENT is production", environment),
    Check("I3", "DEBUG is off", debug),
    Check("I4", "DOMAIN_SCHEME is https", scheme),
    Check("I5", "HTTPS in front", by_hand("See that a proxy ends TLS before the server.")),
    Check("I6", "firewall", by_hand("See that only the proxy's ports are open to the outside.")),
)
