"""The security checklist, judged from the settings: groups I, U and X."""

from __future__ import annotations

from journiv.services.doctor import accounts, installation, operation

CHECKS = (*installation.CHECKS, *accounts.CHECKS, *operation.CHECKS)
