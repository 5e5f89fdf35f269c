from __future__ import annotations

import json

import pytest

GOOD = {
    "ENVIRONMENT": "production",
    "DOMAIN_NAME": "diary.test",
    "DOMAIN_SCHEME": "https",
    "TRUSTED_PROXIES": "127.0.0.1/32",
    "SETUP_TOKEN": "the-first-account-is-mine-4711",
}


def statuses(journiv, **settings):
    shown = journiv("doctor", "--json", **(GOOD | settings))
    assert shown.stdout, shown.stderr
    return shown.returncode, {row["id"]: row["status"] for row in json.loads(shown.stdout)}


def test_a_good_configuration_has_no_failing_line(journiv):
    code, lines = statuses(journiv)
    assert code == 0
    assert set(lines.values()) == {"pass", "manual"}


@pytest.mark.parametrize(
    ("line", "status", "bad"),
    [
        ("I3", "fail", {"DEBUG": "true"}),
        ("I4", "warn", {"DOMAIN_SCHEME": "http"}),
        ("I2", "fail", {"ENVIRONMENT": "development"}),
        ("U2", "warn", {"ACCESS_TOKEN_EXPIRE_MINUTES": "600"}),
        ("X1", "fail", {"RATE_LIMIT_ENABLED": "false"}),
    ],
)
def test_a_bad_setting_flips_exactly_its_line(journiv, line, status, bad):
    _, good = statuses(journiv)
    code, lines = statuses(journiv, **bad)
    assert lines == good | {line: status}
    assert code == int(status == "fail")
