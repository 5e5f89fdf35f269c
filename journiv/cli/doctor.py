"""`journiv doctor`: go through the security checklist."""

from __future__ import annotations

import argparse
import json

from journiv.cli.kernel import load
from journiv.services.doctor import CHECKS


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print how each line stands; return 1 when one fails."""
    settings = load().settings
    found = [(check, check.run(settings)) for check in CHECKS]
    if arguments.json:
        rows = [
            {"id": c.id, "title": c.title, "status": f.status, "advice": f.advice} for c, f in found
        ]
        print(json.dumps(rows, indent=2))
    else:
        for c, f in found:
            print(f"{c.id}  {f.status:<6}  {c.title}" + (f": {f.advice}" if f.advice else ""))
    return int(any(finding.status == "fail" for _, finding in found))
