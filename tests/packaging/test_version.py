from __future__ import annotations

import tomllib

import journiv
from devtools.paths import ROOT


def test_project_and_package_have_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == journiv.__version__
