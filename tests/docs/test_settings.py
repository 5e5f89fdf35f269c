from __future__ import annotations

import re

from devtools.paths import ROOT
from docs.generate import PAGE, START, page, table
from journiv.config.schema import CORE

README = (ROOT / "README.md").read_text()


def test_the_page_says_what_the_schema_says():
    text = PAGE.read_text()
    assert text == page(text), "run ./dev docs"


def test_what_a_person_wrote_above_the_tables_is_kept():
    assert page(f"# By hand\n\n{START}\nold").startswith(f"# By hand\n\n{START}\n## Server\n")


def test_a_row_names_environment_default_choices_and_secrecy():
    rules = {
        "default": True,
        "allowed": ["a", "b"],
        "meta": {"env": ("COLOUR",), "help": "x | y", "secret": True},
    }
    assert table({"colour": rules}, "paint").splitlines()[-1] == (
        "| `colour` | `COLOUR`, `JOURNIV_PAINT__COLOUR` | `true` | x \\| y: `a`, `b` (secret) |"
    )


def test_every_setting_of_the_readme_exists():
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", README, re.MULTILINE)
    named = set(re.findall(r"[A-Z_]{4,}", " ".join(rows)))
    known = {name for rules in CORE.values() for name in rules["meta"]["env"]}
    known |= {f"JOURNIV_{key.upper()}" for key in CORE}
    assert len(named) >= 6
    assert named <= known


def test_every_link_of_the_papers_leads_somewhere():
    for paper in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        prose = re.sub(r"^```.*?^```", "", paper.read_text(), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", prose):
            assert (paper.parent / target).exists(), f"{paper.relative_to(ROOT)} links to {target}"
