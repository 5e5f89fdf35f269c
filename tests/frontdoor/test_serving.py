from __future__ import annotations

import socket

import pytest

from devtools import serving
from devtools.failure import SetupError
from devtools.paths import DATA


@pytest.fixture
def taken():
    """A port of this machine that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_gives_the_next_free_one(taken):
    assert serving.free_port("127.0.0.1", taken) > taken


def test_a_free_port_is_used_as_it_is():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert serving.free_port("127.0.0.1", port) == port


def test_a_move_to_another_port_is_said(taken, monkeypatch):
    monkeypatch.setattr(serving, "PORT", taken)
    environment, note = serving.environment(serving.parse([]), {})
    port = environment["APP_PORT"]
    assert f"Port {taken} is taken" in note
    assert f"http://127.0.0.1:{port} " in note


def test_a_port_that_was_asked_for_is_kept(taken):
    options = serving.parse(["--port", str(taken), "--host", "::1"])
    environment, note = serving.environment(options, {})
    assert environment["APP_PORT"] == str(taken)
    assert f"http://[::1]:{taken} " in note


def test_the_defaults_are_development_in_the_checkout():
    environment = serving.defaults({"HOME": "/home/sam"})
    assert environment == {
        "HOME": "/home/sam",
        "ENVIRONMENT": "development",
        "JOURNIV_DATA": str(DATA),
    }


def test_the_environment_wins_over_the_defaults():
    given = {"ENVIRONMENT": "production", "JOURNIV_DATA": "/srv/journal", "APP_PORT": "9123"}
    environment, note = serving.environment(serving.parse([]), given)
    assert environment == given | {"APP_HOST": "127.0.0.1"}
    assert "http://127.0.0.1:9123 (data in /srv/journal)" in note


def test_no_free_port_is_said_in_one_sentence(monkeypatch, taken):
    monkeypatch.setattr(serving, "PORTS_TRIED", 1)
    with pytest.raises(SetupError, match=f"no free port from {taken} to {taken}"):
        serving.free_port("127.0.0.1", taken)
