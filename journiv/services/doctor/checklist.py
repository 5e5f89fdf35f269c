"""Every line in the order of the page."""

from __future__ import annotations

from typing import Final

from journiv.services.doctor import (
    accounts,
    database,
    extras,
    installation,
    network,
    operation,
    upkeep,
)

CHECKS: Final = (
    *installation.CHECKS,
    *accounts.CHECKS,
    *database.CHECKS,
    *network.CHECKS,
    *upkeep.CHECKS,
    *operation.CHECKS,
    *extras.CHECKS,
)
