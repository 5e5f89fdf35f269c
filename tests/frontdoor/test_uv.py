from __future__ import annotations

import pytest

from devtools.failure import SetupError
from devtools.uv import Uv, base_python, pip_settings

LISTING = """\
:env:.no-index='1'
global.cert='/etc/ssl/own.pem'
global.find-links='/srv/wheels /srv/more'
global.index-url='https://first.example/simple'
install.index-url='https://second.example/simple'
"""


def test_the_section_of_the_command_and_the_environment_win():
    assert pip_settings(LISTING) == {
        "cert": "/etc/ssl/own.pem",
        "find-links": "/srv/wheels /srv/more",
        "index-url": "https://second.example/simple",
        "no-index": "1",
    }
    nearest = pip_settings(":env:.index-url='https://env.example/simple'\n" + LISTING)
    assert nearest["index-url"] == "https://env.example/simple"


def test_uv_is_told_what_pip_knows(monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_FIND_LINKS", "SSL_CERT_FILE", "UV_PYTHON_DOWNLOADS"):
        monkeypatch.delenv(name, raising=False)
    uv = Uv("/usr/bin/python3")
    answer = type("Done", (), {"stdout": LISTING, "returncode": 0, "stderr": ""})()
    monkeypatch.setattr(uv, "_pip", lambda *arguments: answer)
    environment, flags = uv._settings()
    assert environment["UV_DEFAULT_INDEX"] == "https://second.example/simple"
    assert environment["UV_FIND_LINKS"] == "/srv/wheels,/srv/more"
    assert environment["SSL_CERT_FILE"] == "/etc/ssl/own.pem"
    assert environment["UV_PYTHON_DOWNLOADS"] == "never"
    assert flags == ["--no-index"]


def test_a_setting_made_for_uv_itself_stays(monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://third.example/simple")
    uv = Uv("/usr/bin/python3")
    answer = type("Done", (), {"stdout": LISTING, "returncode": 0, "stderr": ""})()
    monkeypatch.setattr(uv, "_pip", lambda *arguments: answer)
    assert uv._settings()[0]["UV_DEFAULT_INDEX"] == "https://third.example/simple"


def test_a_python_without_pip_is_said_with_the_mend(tmp_path):
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\necho "$0: No module named pip" >&2\nexit 1\n')
    python.chmod(0o755)
    with pytest.raises(SetupError, match=r"has no pip\. On Debian: apt-get"):
        Uv(str(python))._pip("--version")


def test_a_virtual_environment_is_never_the_builder(tmp_path):
    base = tmp_path / "bin" / "python3.11"
    base.parent.mkdir()
    base.touch()
    assert base_python("/venv", str(tmp_path), "/venv/bin/python", (3, 11)) == str(base)
    assert base_python("/usr", "/usr", "/usr/bin/python3", (3, 11)) == "/usr/bin/python3"
