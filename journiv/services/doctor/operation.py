"""Lines X1 to X5: limits, watching and what only people can do."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import Final

from journiv.services.doctor.check import PASS, UNREAD, Check, Verdict, by_hand, unless
from journiv.services.doctor.evidence import Evidence

MOST_A_MINUTE: Final = 1000
OLDEST_DRILL: Final = timedelta(days=8)


def rate_limits(evidence: Evidence) -> Verdict:
    """Judge whether anybody is limited at all."""
    settings = evidence.settings
    if not settings.rate_limit_enabled:
        return Verdict("fail", "Set RATE_LIMIT_ENABLED=true.")
    if any(_everybody(cidr) for cidr in settings.rate_limit_exempt_cidrs):
        return Verdict("fail", "RATE_LIMIT_EXEMPT_CIDRS exempts everybody; name small networks.")
    if any(_everybody(cidr) for cidr in settings.trusted_proxies.split(",")):
        return Verdict("fail", "TRUSTED_PROXIES trusts everybody; name the proxy's address.")
    advice = f"Set RATE_LIMIT_PER_MINUTE to at most {MOST_A_MINUTE}; 60 is the default."
    return unless(settings.rate_limit_per_minute <= MOST_A_MINUTE, "warn", advice)


def monitoring(evidence: Evidence) -> Verdict:
    """Judge whether anybody asks how the server is."""
    if evidence.seen.probes:
        return PASS
    return Verdict("manual", "Let something ask /readyz or `journiv health`, and tell you.")


def recovery(evidence: Evidence) -> Verdict:
    """Judge when a backup was last restored as a trial."""
    if evidence.stored is None:
        return UNREAD
    last = evidence.stored.drilled
    if last is None:
        return Verdict("manual", "Restore a backup as a trial: journiv backup verify.")
    age = evidence.now - last
    advice = f"The last trial was {age.days} days ago; restore one: journiv backup verify."
    return unless(age <= OLDEST_DRILL, "fail", advice)


def access_logs(evidence: Evidence) -> Verdict:
    """Judge LOG_LEVEL: above INFO no request is written down."""
    good = evidence.settings.log_level in ("DEBUG", "INFO")
    return unless(good, "warn", "Set LOG_LEVEL=INFO, so that there is an access log to read.")


def _everybody(cidr: str) -> bool:
    try:
        return ipaddress.ip_network(cidr.strip(), strict=False).prefixlen == 0
    except ValueError:
        return False


CHECKS = (
    Check("X1", "rate limits", rate_limits),
    Check("X2", "monitoring", monitoring),
    Check("X3", "written configuration", by_hand("Keep the output of `journiv config show`.")),
    Check("X4", "disaster recovery", recovery),
    Check("X5", "access logs", access_logs),
)
