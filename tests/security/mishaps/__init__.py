"""A plugin with which everything goes wrong that a real one might do, and how to install it."""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).with_name("plugin.py")
FAIL = "/x/mishaps/fail"
SAY = "/x/mishaps/say"
DOWN = "limiter-is-down"


def installed(folder: Path) -> dict[str, str]:
    """Install it as pip would, below `folder`; return the setting that makes it visible."""
    info = folder / "acme_mishaps-0.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-mishaps\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text("[journiv.plugins]\nmishaps = acme_mishaps\n")
    (folder / "acme_mishaps.py").write_text(SOURCE.read_text())
    return {"PYTHONPATH": str(folder)}
