"""The pages for plugin authors say what the code says."""

from __future__ import annotations

import inspect
import re

import pytest

from devtools.paths import ROOT
from docs.plugin_pages import CONTRACTS, FOLDER, pages
from journiv import contracts, hookspecs

HOOKS = {
    name: function
    for module in hookspecs.specs()
    for name, function in vars(module).items()
    if name.startswith("journiv_")
}


def read(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.mark.parametrize("name", ["hooks.md", "contracts.md"])
def test_the_page_is_what_the_code_makes_of_it(name):
    assert read(name) == pages()[FOLDER / name], "run ./dev docs"


def test_each_hook_has_a_section_whose_heading_is_its_exact_signature():
    headings = re.findall(r"^## `(.+)`$", read("hooks.md"), re.M)
    written = (ROOT / "journiv" / "hookspecs").glob("*.py")
    source = " ".join("\n".join(path.read_text() for path in written).split())
    assert [heading.partition("(")[0] for heading in headings] == list(HOOKS)
    for heading in headings:
        assert f"def {heading}:" in source, heading


def test_each_section_holds_every_sentence_of_its_docstring():
    sections = re.split(r"^## ", read("hooks.md"), flags=re.M)[1:]
    for section, (name, function) in zip(sections, HOOKS.items(), strict=True):
        shown = " ".join(section.replace("**", "").replace("\n- ", " ").split())
        said = " ".join((inspect.getdoc(function) or "").split())
        assert said in shown, name


def test_every_contract_a_hook_returns_or_takes_is_described():
    described = {kind.__name__ for kinds in CONTRACTS.values() for kind in kinds}
    for function in HOOKS.values():
        text = str(inspect.signature(function))
        wanted = set(re.findall(r"[A-Z]\w+", text)) - {"Iterable", "Mapping", "Any", "None"}
        assert wanted - described <= {"Lifespan"}, function.__name__  # an alias, told at its hook
    assert contracts.__doc__


def test_the_page_about_contracts_names_every_member_that_must_be_written():
    text = read("contracts.md")
    for kinds in CONTRACTS.values():
        for kind in kinds:
            for name in getattr(kind, "__abstractmethods__", ()):
                assert re.search(rf"\| `{name}(\(\))?` \| needed \|", text), f"{kind}: {name}"
