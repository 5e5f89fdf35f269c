from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

import pytest

from journiv.domain.errors import ConfigError
from journiv.loader.discovery import discover


def install(folder: Path, dist: str, version: str, *entries: str) -> Path:
    """Write what pip leaves behind of an installed distribution."""
    info = folder / f"{dist.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text("[journiv.plugins]\n" + "\n".join(entries) + "\n")
    return folder


def found(*folders: Path) -> list[tuple[str, str]]:
    paths = [str(folder) for folder in folders]
    return [(one.name, one.origin) for one in discover(metadata.distributions(path=paths))]


def test_builtin_comes_first_then_the_others_by_name(tmp_path):
    site = install(tmp_path, "journiv", "1.2.0", "store_sqlite = s", "builtin = b", "auth = a")
    assert [name for name, _ in found(site)] == ["builtin", "auth", "store_sqlite"]


def test_nothing_is_imported(tmp_path, monkeypatch):
    install(tmp_path, "acme", "1", "trap = trap_module")
    (tmp_path / "trap_module.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert ("trap", "acme 1") in [(one.name, one.origin) for one in discover()]
    assert "trap_module" not in sys.modules


def test_two_distributions_with_one_plugin_name_stop_the_start(tmp_path):
    install(tmp_path, "journiv", "1.2.0", "store_sqlite = a")
    install(tmp_path, "acme-journiv", "0.3", "store_sqlite = b")
    with pytest.raises(ConfigError) as refused:
        found(tmp_path)
    both = {"journiv 1.2.0", "acme-journiv 0.3"}
    assert refused.value.detail in {
        f"Two installed packages both call themselves 'store_sqlite': {first} and {second}. "
        "Uninstall one."
        for first in both
        for second in both - {first}
    }


def test_a_distribution_seen_twice_counts_once_and_the_first_is_used(tmp_path):
    first = install(tmp_path / "one", "acme-journiv", "2.0", "acme = a")
    second = install(tmp_path / "two", "acme_journiv", "1.0", "acme = a")
    assert found(first, second) == [("acme", "acme-journiv 2.0")]


def test_the_bundled_plugins_are_found_in_this_installation():
    assert {"builtin", "auth_local", "store_sqlite"} <= {one.name for one in discover()}
