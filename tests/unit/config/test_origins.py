from __future__ import annotations

import pytest

from journiv.config import Sources, core
from journiv.domain.errors import ConfigError

ON = {"ENVIRONMENT": "production", "JOURNIV_DATA": "data", "ENABLE_CORS": "true"}


def _origins(text: str, **more: str) -> tuple[str, ...]:
    return core(Sources({**ON, "CORS_ORIGINS": text, **more}, None, {})).cors_origins


def test_exact_origins_are_taken_with_their_spaces() -> None:
    assert _origins(" https://a.example.org , https://b.example.org:8443") == (
        "https://a.example.org",
        "https://b.example.org:8443",
    )


@pytest.mark.parametrize("text", ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]"])
def test_plain_http_is_for_this_machine_in_production(text: str) -> None:
    assert _origins(text) == (text,)


def test_plain_http_is_for_every_machine_in_development() -> None:
    assert _origins("http://192.168.1.5", ENVIRONMENT="development") == ("http://192.168.1.5",)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("*", "exact origins"),
        ("https://a.example.org, *", "exact origins"),
        ("null", "exact origins"),
        ("https://*.example.org", "this is no origin"),
        ("app.example.org", "this is no origin"),
        ("https://", "this is no origin"),
        ("https://user@a.example.org", "this is no origin"),
        ("https://a.example.org:port", "this is no origin"),
        ("ftp://a.example.org", "this is no origin"),
        ("https://a.example.org/", "what browsers send: https://a.example.org."),
        ("https://a.example.org/app", "what browsers send: https://a.example.org."),
        ("https://A.example.org", "what browsers send: https://a.example.org."),
        ("https://a.example.org:443", "what browsers send: https://a.example.org."),
        ("http://a.example.org", "production needs https: https://a.example.org."),
        ("", "names no origin"),
    ],
)
def test_everything_else_stops_the_start_with_the_mend(text: str, mend: str) -> None:
    for credentials in ("true", "false"):
        with pytest.raises(ConfigError) as caught:
            _origins(text, CORS_CREDENTIALS=credentials)
        assert mend in str(caught.value)


def test_origins_are_not_looked_at_while_cors_is_off() -> None:
    assert _origins("*", ENABLE_CORS="false") == ("*",)


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("https://diary.example.org", "without scheme and path: diary.example.org"),
        ("diary.example.org:99999", "must be a host name such as"),
        ("diary example.org", "must be a host name such as"),
        ("diary.example.org, other.example.org", "must be a host name such as"),
        ("me@diary.example.org", "must be a host name such as"),
        ("diary.example.org/", "without scheme and path: diary.example.org"),
        ("https://diary.example.org:8443/x", "without scheme and path: diary.example.org:8443"),
    ],
)
def test_a_domain_name_is_a_host_and_the_sentence_says_which(name: str, mend: str) -> None:
    with pytest.raises(ConfigError) as caught:
        core(Sources({"JOURNIV_DATA": "data", "DOMAIN_NAME": name}, None, {}))
    assert mend in str(caught.value)
