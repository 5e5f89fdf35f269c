"""From installed packages to selected backends; the only code that touches pluggy at run time."""
