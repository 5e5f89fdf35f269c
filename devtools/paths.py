"""Where things lie in a checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STATE = ROOT / ".dev"
DATA = ROOT / "data"
REQUIREMENTS = ROOT / "requirements"


def program(name: str) -> str:
    """Return the full path of a program in the virtual environment.

    Python finds its environment by the path it was started with, so a bare name will not do.
    """
    return str(VENV / "bin" / name)
