from __future__ import annotations

import re
import subprocess
import sys

from devtools.paths import ROOT

CHANGES = ROOT / "changes"
KINDS = ("security", "plugin-api", "feature", "fix", "doc")


def test_every_fragment_is_named_as_the_changelog_expects() -> None:
    name = re.compile(rf"(?:\+[a-z0-9-]+|[0-9]+)\.(?:{'|'.join(KINDS)})(?:\.[0-9]+)?\.md")
    fragments = [path.name for path in CHANGES.iterdir() if path.name != "README.md"]
    assert fragments
    assert [one for one in fragments if name.fullmatch(one) is None] == []


def test_the_changelog_can_be_built_and_holds_every_fragment() -> None:
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "NEXT"]
    draft = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert draft.returncode == 0, draft.stderr
    words = "".join(draft.stdout.split())
    for path in CHANGES.glob("*.*.md"):
        first = path.read_text().split("\n")[0].split()
        assert "".join(first) in words, path.name
