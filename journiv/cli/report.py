"""What `journiv doctor --report` prints beside the checklist."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from journiv import __version__, loader
from journiv.contracts.findings import Finding
from journiv.services.doctor.recent import recent_warnings
from journiv.services.doctor.report import report


def bundle(
    plugins: loader.Plugins, selection: loader.Selection, findings: Iterable[Finding]
) -> dict[str, Any]:
    """Gather the report."""
    return report(
        plugins.settings,
        __version__,
        plugins=[row.record() for row in plugins.rows(selection)],
        findings=findings,
        warnings=recent_warnings(plugins.settings.data),
    )
