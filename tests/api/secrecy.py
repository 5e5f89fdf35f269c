"""What no server of the suite may log, whatever its test was about (security.md LOG-1)."""

from __future__ import annotations

import re

# Who logs it on purpose: the plugin that does everything wrong, to see it masked.
_ON_PURPOSE = '"journiv.plugins.mishaps"'
_SECRETS = re.compile(
    r"Lantern"  # is in every password of the suite
    r"|a-key-for-tests"
    r"|eyJ[\w-]{10,}\.[\w-]+"
    r"|\bjr1\.[0-9a-f]{8}-"
    r"|\bjpat_[a-z2-7]{8}_"
    r"|\bj(?:mfa|inv|rst|o)_[\w-]{20,}"
    r"|[?&;](?:code|state|ticket|token|sig|s|q)="
    r"|otpauth://t"
    r"|[\w.+-]+@example\.(?:org|com|net)"
    r"|\[redacted\]|\[e-mail\]"  # the second net caught what should not have come that far
)


def secrets_in(log: str) -> list[str]:
    """Return the lines of a log that hold what looks like a secret."""
    if not _SECRETS.search(log):
        return []
    return [line for line in log.splitlines() if _SECRETS.search(line) and _ON_PURPOSE not in line]
