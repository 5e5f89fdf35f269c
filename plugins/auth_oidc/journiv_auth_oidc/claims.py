"""What a provider's claims say about a person, and whether that person may come in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from journiv.domain.errors import Forbidden
from journiv_auth_oidc.settings import Config

UNVERIFIED: Final = "Email not verified by identity provider"
LONGEST_EMAIL: Final = 254
LONGEST_NAME: Final = 100
# Domains of one word are for home networks.
_EMAIL: Final = re.compile(r"[^@\s\x00-\x20\x7f\ud800-\udfff]+@[^@\s\x00-\x20\x7f\ud800-\udfff]+")
_UNREADABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# RFC 8176: `mfa` itself, and methods that are something one has or is.
_HAS: Final = ("hwk", "otp", "pop", "sc", "sms", "swk", "tel")
_IS: Final = ("face", "fpt", "iris", "retina", "vbm")
SECOND_FACTORS: Final = frozenset(["mfa", *_HAS, *_IS])


def person(config: Config, claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the core is told. Raises `Forbidden` with the reason for the person."""
    email = claims.get("email")
    if not isinstance(email, str) or not _is_address(email):
        raise Forbidden("The sign-in provider gave no e-mail address")
    # Providers that send "true" as a text are not taken at their word.
    verified = claims.get("email_verified") is True
    if config.require_email_verified and not verified:
        raise Forbidden(UNVERIFIED)
    groups = claims.get(config.groups_claim)
    _admit(config, email, groups)
    return {
        "email": email,
        "email_verified": verified,
        "name": _name(claims.get("name")) or email.partition("@")[0],
        "admin": _is_admin(config, groups),
        "second_factor": has_second_factor(claims.get("amr")),
    }


def _is_address(email: str) -> bool:
    # Invisible signs and wide letters make addresses that look like somebody else's.
    plain = email.isprintable() and unicodedata.is_normalized("NFKC", email)
    return plain and len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email) is not None


def _name(given: Any) -> str:
    """Return a name as far as it can be stored and shown."""
    if not isinstance(given, str):
        return ""
    return " ".join(_UNREADABLE.sub(" ", given).split())[:LONGEST_NAME]


def has_second_factor(methods: Any) -> bool:
    """Say whether the provider asked for more than a password (the claim `amr`)."""
    if not isinstance(methods, list):
        return False
    return any(isinstance(name, str) and name in SECOND_FACTORS for name in methods)


def needs_userinfo(config: Config, claims: Mapping[str, Any]) -> bool:
    """Say whether the ID token lacks something that is needed here."""
    by_group = config.admin_group or config.allowed_groups
    return "email" not in claims or bool(by_group and config.groups_claim not in claims)


def _admit(config: Config, email: str, groups: Any) -> None:
    domain = email.rpartition("@")[2].strip().lower()
    if config.allowed_domains and domain not in config.allowed_domains:
        raise Forbidden("Addresses of this domain may not sign in here")
    if config.allowed_groups and not _in_any(groups, config.allowed_groups):
        raise Forbidden("You are in none of the groups that may sign in here")


def _is_admin(config: Config, groups: Any) -> bool | None:
    if not config.admin_group:
        return None
    return _in_any(groups, (config.admin_group,))


def _in_any(groups: Any, wanted: tuple[str, ...]) -> bool:
    return isinstance(groups, list) and any(name in groups for name in wanted)
