from __future__ import annotations

import pytest

from journiv.domain.errors import Forbidden
from journiv_auth_oidc.claims import person
from journiv_auth_oidc.settings import Config, checked
from tests.plugins.auth_oidc.test_settings import settings


@pytest.fixture
def config() -> Config:
    return checked(settings(require_email_verified=False), "https://j.example")


@pytest.mark.parametrize(
    "email",
    [
        "\u202ebo@example.org",
        "b\u200bo@example.org",
        "b\x9b31mo@example.org",
        "\uff42o@example.org",
    ],
)
def test_an_address_that_looks_like_another_one_does_not_come_in(
    config: Config, email: str
) -> None:
    assert person(config, {"email": "bo@example.org"})["email"] == "bo@example.org"
    with pytest.raises(Forbidden, match="no e-mail address"):
        person(config, {"email": email})


def test_a_name_keeps_no_characters_that_steer_a_terminal(config: Config) -> None:
    assert person(config, {"email": "bo@example.org", "name": "Bo\x9b31m\x1b[0m"})["name"] == (
        "Bo 31m [0m"
    )
