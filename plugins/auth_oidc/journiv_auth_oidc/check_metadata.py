"""What the provider says of itself, compared with what this server needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from journiv_auth_oidc.check_findings import Finding
from journiv_auth_oidc.settings import Config
from journiv_auth_oidc.signatures import ALGORITHMS, SKEW

NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_ODD: Final = 10  # seconds of difference that are worth a warning


def clock(date: str | None, now: datetime) -> Finding:
    """Compare this clock with the provider's `Date` header (RFC 9110 §6.6.1)."""
    try:
        theirs = parsedate_to_datetime(date or "")
        apart = (now - theirs).total_seconds()
    except (ValueError, TypeError):
        return Finding("clock", "skip", "The provider does not say what time it has.")
    if abs(apart) <= _ODD:
        return Finding("clock", "pass", "Both clocks agree.")
    direction = "ahead of" if apart > 0 else "behind"
    told = f"This server's clock is {abs(apart):.0f} seconds {direction} the provider's"
    if abs(apart) > SKEW:
        return Finding(
            "clock",
            "fail",
            f"{told}: tokens more than {SKEW} seconds off are refused. Set both by NTP.",
        )
    return Finding("clock", "warn", f"{told}; beyond {SKEW} seconds sign-in fails. Use NTP.")


def issuer(config: Config, metadata: Mapping[str, Any]) -> Finding:
    """Compare the issuer to the letter (Discovery §4.3)."""
    named, ours = metadata.get("issuer"), config.issuer
    if named == ours:
        return Finding("issuer", "pass", "OIDC_ISSUER is what the provider calls itself.")
    if not isinstance(named, str):
        return Finding("issuer", "fail", "The discovery document names no issuer.")
    told = f"The provider calls itself {named} and OIDC_ISSUER says {ours}"
    if named.rstrip("/") == ours.rstrip("/"):
        mend = f"only the slash at the end differs. Set OIDC_ISSUER={named}"
    elif named.partition("://")[2] == ours.partition("://")[2]:
        mend = (
            "only http and https differ. Behind a proxy the provider must be told its public "
            f"address; if it is right, set OIDC_ISSUER={named}"
        )
    else:
        mend = f"they must be the same to the letter. If it is the one you mean, set that: {named}"
    return Finding("issuer", "fail", f"{told}: {mend}")


def endpoints(config: Config, metadata: Mapping[str, Any]) -> Finding:
    """Look for the addresses sign-in needs."""
    missing = [name for name in NEEDED if not isinstance(metadata.get(name), str)]
    if missing:
        return Finding(
            "endpoints",
            "fail",
            f"The discovery document lacks {', '.join(missing)}. Is OIDC_ISSUER an OpenID Connect "
            "provider, with this application switched on?",
        )
    plain = [name for name in NEEDED if config.refuses(metadata[name])]
    if plain:
        return Finding(
            "endpoints",
            "fail",
            f"{', '.join(plain)} would go over plain http. Tell the provider its https address, "
            "or set OIDC_ALLOW_INSECURE_PROD=true on a network you trust.",
        )
    return Finding("endpoints", "pass", "Every address that sign-in needs is named.")


def offers(config: Config, metadata: Mapping[str, Any]) -> Iterator[Finding]:
    """Go through what the provider can do."""
    yield _algorithms(metadata)
    yield _flow(metadata)
    yield _scopes(config, metadata)
    if isinstance(metadata.get("end_session_endpoint"), str):
        yield Finding("logout", "pass", "The provider offers sign-out there as well.")
    else:
        told = "The provider has no end_session_endpoint: signing out ends the session here only."
        yield Finding("logout", "warn", told)


def _algorithms(metadata: Mapping[str, Any]) -> Finding:
    offered = _listed(metadata, "id_token_signing_alg_values_supported", ("RS256",))
    usable = [name for name in ALGORITHMS if name in offered]
    if usable:
        return Finding("algorithms", "pass", f"ID tokens can be signed with {', '.join(usable)}.")
    return Finding(
        "algorithms",
        "fail",
        f"The provider signs ID tokens with {', '.join(offered) or 'nothing'}; this server takes "
        f"{', '.join(ALGORITHMS)}. Give the client a signing key with one of them.",
    )


def _flow(metadata: Mapping[str, Any]) -> Finding:
    if "code" not in _listed(metadata, "response_types_supported", ("code",)):
        told = "The provider does not offer the authorization code flow (response type code)."
        return Finding("flow", "fail", told)
    if "S256" in _listed(metadata, "code_challenge_methods_supported", ()):
        return Finding("flow", "pass", "The provider offers the code flow with PKCE (S256).")
    told = "The provider does not say that it checks PKCE (S256); it is sent all the same."
    return Finding("flow", "warn", told)


def _scopes(config: Config, metadata: Mapping[str, Any]) -> Finding:
    offered = _listed(metadata, "scopes_supported", tuple(config.scopes.split()))
    lacking = [scope for scope in config.scopes.split() if scope not in offered]
    if not lacking:
        return Finding("scopes", "pass", "Every scope that is asked for is offered.")
    told = f"OIDC_SCOPES asks for {', '.join(lacking)}, which the provider does not list."
    return Finding("scopes", "warn", told)


def _listed(metadata: Mapping[str, Any], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    found = metadata.get(name)
    if not isinstance(found, list):
        return default
    return tuple(str(one) for one in found)
