from __future__ import annotations

from typing import Any

import pytest

from journiv.domain.errors import ConfigError
from journiv_auth_oidc.settings import CONFIG_SCHEMA, checked

GIVEN = {"issuer": "https://id.example.org/", "client_id": "journiv"}


def settings(**given: Any) -> dict[str, Any]:
    return {**{key: rules["default"] for key, rules in CONFIG_SCHEMA.items()}, **GIVEN, **given}


def test_the_callback_is_built_from_the_public_address_unless_it_is_given() -> None:
    assert checked(settings(), "https://j.example").redirect_uri == (
        "https://j.example/api/v1/oidc/callback"
    )
    given = "https://j.example/api/v1/auth/oidc/callback"
    assert checked(settings(redirect_uri=given), "https://j.example").redirect_uri == given


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"issuer": None}, "OIDC_ISSUER"),
        ({"client_id": None}, "OIDC_CLIENT_ID"),
        ({"issuer": "http://id.example.org"}, "OIDC_ALLOW_INSECURE_PROD"),
        ({"scopes": "email"}, "OIDC_SCOPES"),
        ({"ca_file": "/nowhere/ca.pem"}, "OIDC_CA_FILE"),
        ({"ca_file": __file__}, "OIDC_CA_FILE"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        checked(settings(**given), "https://j.example")


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "http://localhost", "http://[::1]"])
def test_a_provider_on_this_machine_may_be_on_plain_http(issuer: str) -> None:
    assert checked(settings(issuer=issuer), "http://j.example").issuer == issuer


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, []),
        ({"disable_ssl_verify": True}, ["OIDC_DISABLE_SSL_VERIFY"]),
        ({"allow_insecure": True}, ["OIDC_ALLOW_INSECURE_PROD"]),
        ({"link_by_email": "trusted"}, ["OIDC_LINK_BY_EMAIL"]),
    ],
)
def test_what_a_setting_gives_up_is_said(given: dict[str, Any], named: list[str]) -> None:
    told = checked(settings(**given), "https://j.example").warnings()
    assert [sentence.split()[0] for sentence in told] == named


def test_the_secret_is_in_no_representation() -> None:
    assert "hush" not in repr(checked(settings(client_secret="hush"), "https://j.example"))
