"""Lines X1 to X5: limits, watching and what only people can do."""

from __future__ import annotations

from journiv.config import Settings
from journiv.services.doctor.check import Check, Finding, by_hand, unless


def rate_limits(settings: Settings) -> Finding:
    """Judge RATE_LIMIT_ENABLED."""
    return unless(settings.rate_limit_enabled, "fail", "Set RATE_LIMIT_ENABLED=true.")


CHECKS = (
    Check("X1", "rate limits", rate_limits),
    Check("X2", "monitoring", by_hand("Let something ask `journiv health` and tell you.")),
    Check("X3", "written configuration", by_hand("Keep the output of `journiv config show`.")),
    Check("X4", "disaster recovery", by_hand("Restore a backup to another folder and look.")),
    Check("X5", "access logs", by_hand("Read the log for refused sign-ins now and then.")),
)
