"""docs/operate/doctor.md names every line there is."""

from __future__ import annotations

import re

from devtools.paths import ROOT
from journiv.services.doctor.checklist import CHECKS
from journiv_store_sqlite.checklist import TITLES

PAGE = (ROOT / "docs" / "operate" / "doctor.md").read_text()


def test_the_page_lists_the_lines_in_their_order():
    listed = re.findall(r"^\| ([A-Z]\d) (.+?) \|", PAGE, re.M)
    assert listed == [(check.id, check.title) for check in CHECKS]


def test_a_store_calls_its_lines_as_the_checklist_does():
    assert {check.id: check.title for check in CHECKS if check.id in TITLES} == TITLES
