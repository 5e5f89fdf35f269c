from __future__ import annotations

import pytest

from journiv.contracts.auth import Person
from journiv_auth_local.policy import PasswordPolicy

SAMUEL = Person(email="samuel.pepys@navy.example", name="Samuel Pepys")


@pytest.fixture(scope="module")
def policy() -> PasswordPolicy:
    return PasswordPolicy(8, "Journiv", "https://diary.example")


def refused_for(policy: PasswordPolicy, password: str) -> list[str]:
    return [violation.rule for violation in policy.violations(password, SAMUEL)]


@pytest.mark.parametrize("password", ["", "x", "seven77", "🐦" * 7])
def test_short_passwords_are_refused(policy: PasswordPolicy, password: str) -> None:
    assert refused_for(policy, password) == ["password_too_short"]


@pytest.mark.parametrize("password", ["x" * 257, "ab" * 129, "🐦" * 256 + "x"])
def test_endless_passwords_are_refused(policy: PasswordPolicy, password: str) -> None:
    assert refused_for(policy, password) == ["password_too_long"]


@pytest.mark.parametrize(
    "password",
    ["aaaaaaaa", "zzzzzzzzzzzz", "PassWord", "12345678", "qwertyuiop", "\uff50assword"],
)
def test_common_passwords_are_refused_in_any_spelling(
    policy: PasswordPolicy, password: str
) -> None:
    assert refused_for(policy, password) == ["password_common"]


@pytest.mark.parametrize(
    "password",
    ["samuel.pepys", "Samuel.Pepys1660", "samuelpepys", "2026samuel pepys", "journiv12345",
     "diary.example", "samuel.pepys@navy.example"],
)  # fmt: skip
def test_passwords_about_the_person_or_the_site_are_refused(
    policy: PasswordPolicy, password: str
) -> None:
    assert refused_for(policy, password) == ["password_personal"]


@pytest.mark.parametrize(
    "password",
    ["lowercaseonlyletters", "tide at the wharf", " leading", "🐦🐦🐦🐦🐦🐦🐦🌊", "ab" * 128,
     "samuel.pepys walks home"],
)  # fmt: skip
def test_anything_else_will_do_without_rules_of_composition(
    policy: PasswordPolicy, password: str
) -> None:
    assert refused_for(policy, password) == []


def test_the_minimum_is_a_setting() -> None:
    assert refused_for(PasswordPolicy(15, "Journiv", ""), "tide at wharf") == ["password_too_short"]


def test_the_list_holds_ten_thousand_passwords(policy: PasswordPolicy) -> None:
    assert len(policy._common) > 10_000


def test_violations_never_repeat_the_password(policy: PasswordPolicy) -> None:
    for password in ("samuel.pepys", "iloveyou", "tide"):
        assert all(password not in found.msg for found in policy.violations(password, SAMUEL))
