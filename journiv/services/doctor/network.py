"""Lines N1 to N6: the proxy, certificates, and what browsers may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from journiv.services.doctor.check import PASS, Check, Verdict, by_hand
from journiv.services.doctor.evidence import Evidence

SOON: Final = timedelta(days=14)
_ONLINE: Final = "or let doctor look with --online."


def proxy(evidence: Evidence) -> Verdict:
    """Judge the forwarding headers that came in."""
    seen = evidence.seen
    if seen.named:
        return PASS
    if seen.ignored:
        return Verdict(
            "warn",
            "Forwarding headers came from an address that TRUSTED_PROXIES does not name, and were "
            "ignored. If it is your proxy, name it; until then all its users share one limit.",
        )
    if seen.unnamed:
        return Verdict(
            "warn",
            "The proxy does not send X-Forwarded-For, so all its users share one limit; "
            "docs/operate/proxies.md shows the line it lacks.",
        )
    return Verdict("manual", "No request through a proxy was seen yet; see that there is one.")


def certificates(evidence: Evidence) -> Verdict:
    """Judge the public address' certificate."""
    outside = evidence.outside
    if outside is None or evidence.settings.domain_scheme != "https":
        return Verdict("manual", f"See that certificates are renewed by themselves, {_ONLINE}")
    if outside.certificate is not None:
        return Verdict("fail", f"The certificate is not accepted: {outside.certificate}.")
    if outside.expires is None:
        return Verdict("manual", "The public address did not answer, so no certificate was seen.")
    left = outside.expires - evidence.now
    if left < SOON:
        return Verdict("warn", f"The certificate ends in {max(left.days, 0)} days; renew it.")
    return PASS


def hidden_port(evidence: Evidence) -> Verdict:
    """Judge whether anybody came around the proxy, or could."""
    seen, outside = evidence.seen, evidence.outside
    if outside is not None and outside.own_port:
        port = evidence.settings.port
        return Verdict("warn", f"Port {port} answers at the public address; let only the proxy in.")
    if seen.named and seen.ignored:
        return Verdict(
            "warn",
            "Requests with forwarding headers came around the proxy; close the server's own port.",
        )
    return Verdict("manual", "See that the server's own port cannot be reached from outside.")


def spa_routing(evidence: Evidence) -> Verdict:
    """Judge what the addresses of the web app answer through the proxy."""
    if evidence.outside is None:
        return Verdict("manual", f"Open /entry/x at the public address, {_ONLINE}")
    if evidence.outside.pages:
        return Verdict("fail", f"{evidence.outside.pages[0]} Let the proxy pass on every path.")
    return PASS


def cors(evidence: Evidence) -> Verdict:
    """Judge CORS_ORIGINS; what is no exact origin is refused at start."""
    settings = evidence.settings
    if not settings.enable_cors:
        return PASS
    plain = [origin for origin in settings.cors_origins if origin.startswith("http://")]
    if plain and settings.domain_scheme == "https":
        return Verdict("warn", f"{plain[0]} is plain http: whoever is in between reads along.")
    if settings.public_url in settings.cors_origins:
        return Verdict("warn", "CORS_ORIGINS holds the server's own address, which needs no CORS.")
    return PASS


CHECKS = (
    Check("N1", "reverse proxy", proxy),
    Check("N2", "certificates", certificates),
    Check("N3", "firewall rules", by_hand("See that the firewall lets in ports 80 and 443 only.")),
    Check("N4", "server's port hidden", hidden_port),
    Check("N5", "addresses of the web app", spa_routing),
    Check("N6", "CORS", cors),
)
