"""Lines D1 to D5, when the store does not judge them itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from journiv.contracts.findings import Finding
from journiv.services.doctor.check import Check, by_hand

CHECKS: Final = (
    Check("D1", "a database fit for production", by_hand("See that this database is one.")),
    Check("D2", "database password", by_hand("See that it is long and random.")),
    Check("D3", "encryption on the way to the database", by_hand("See that TLS is used.")),
    Check("D4", "the database's files", by_hand("See that other accounts cannot read them.")),
    Check("D5", "database closed to the network", by_hand("See that only this server reaches it.")),
)


def merged(own: Sequence[Finding], found: Sequence[Finding]) -> list[Finding]:
    """Put a store's findings in the place of the lines of the same id, the others at the end."""
    by_id = {finding.id: finding for finding in found}
    lines = [by_id.pop(finding.id, finding) for finding in own]
    return [*lines, *by_id.values()]
