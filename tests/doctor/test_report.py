"""DOC-4: what `journiv doctor --report` prints may be pasted in public."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from typing import Any

import pytest

from journiv.services.doctor.recent import FILE
from tests.doctor.installation import Installation

CANARIES = {
    "DOMAIN_NAME": "diary.canary-host.example",
    "ALLOWED_HOSTS": "nas.canary-lan,10.77.66.55",
    "APP_NAME": "Canary family diary",
    "SECRET_KEY": "canary-key-4rT8sQmZ1vYxK7bWc0LdNfPg2Hj",
    "SECRET_KEY_PREVIOUS": "canary-previous-4rT8sQmZ1vYxK7bWc0LdNfPg2H",
    "SETUP_TOKEN": "canary-setup-token",
    "REDIS_URL": "redis://canaryuser:canarypass@cache.canary-lan:6379/0",
    "TRUSTED_PROXIES": "10.77.0.0/16",
    "SECURITY_CONTACT": "mailto:sam.canary@example.org",
    "OIDC_ISSUER": "https://login.canary-idp.example/realms/home",
    "OIDC_CLIENT_ID": "canary-client",
    "OIDC_CLIENT_SECRET": "canary-client-secret",
    "JOURNIV_CANARY_TYPO": "canary-value",
    "CORS_ORIGINS": "https://app.canary-host.example",
    "ENABLE_CORS": "true",
}


def reported(installation: Installation, **settings: str) -> tuple[str, Mapping[str, Any]]:
    shown = installation.run("doctor", "--report", **settings)
    assert shown.stdout, shown.stderr
    return shown.stdout, json.loads(shown.stdout)


@pytest.fixture
def warned(installation: Installation) -> Installation:
    """One whose server has warned of things with the canaries in them."""
    file = installation.data / FILE
    line = {
        "time": "2026-11-24T10:00:00.000+00:00",
        "level": "WARNING",
        "event": "journiv.plugins.other",
        "message": "diary.Canary-Host.example asked 10.77.66.55, 2001:db8::77:1 and "
        "https://other.canary/x?code=canary; /home/canary/diary.db of sam.canary@example.org "
        f"on {platform.node()}: canarypass, ALLOWED nas.canary-lan",
        "trace": 'Traceback\n  File "/home/canary/x.py", line 1\nbuiltins.ValueError',
    }
    file.write_text(json.dumps(line) + "\nno json of a canary\n[1]\n")
    return installation


def test_DOC_3_no_canary_of_settings_or_warnings_is_in_the_report(warned: Installation) -> None:
    text, report = reported(warned, **CANARIES)
    assert "JOURNIV_CANARY_TYPO is set, but is no setting" in report["settings_warnings"][0]
    rest = text.replace("JOURNIV_CANARY_TYPO", "").lower()
    assert [line for line in rest.splitlines() if "canary" in line] == []
    assert str(warned.folder) not in text
    assert "10.77." not in text
    assert "2001:db8" not in text
    [warning] = report["last_warnings"]
    assert warning["error"] == "builtins.ValueError"
    assert "<path>" in warning["message"]


def test_it_tells_what_helps(installation: Installation) -> None:
    changed = CANARIES | {"RATE_LIMIT_PER_MINUTE": "77", "LOG_LEVEL": "DEBUG"}
    _, report = reported(installation, **changed)
    settings = report["settings"]
    assert settings["rate_limit_per_minute"] == "77 (environment)"
    assert settings["log_level"] == "DEBUG (environment)"
    assert settings["redis_url"] == "redis://… (environment)"
    assert settings["domain_name"] == "set (environment)"
    assert settings["allowed_hosts"] == "set, 2 values (environment)"
    assert "max_in_flight" not in settings
    assert {row["name"] for row in report["plugins"]} >= {"builtin", "store_sqlite"}
    assert {"journiv", "python", "sqlite"} <= report.keys()
    lines = {row["id"]: row["status"] for row in report["checklist"]}
    assert lines == installation.lines(**changed)


def test_a_failing_line_is_told_by_the_exit_code_too(installation: Installation) -> None:
    shown = installation.run("doctor", "--report", DEBUG="true")
    assert shown.returncode == 1
    assert json.loads(shown.stdout)["settings"]["debug"] == "true (environment)"


def test_only_the_last_warnings_are_told(installation: Installation) -> None:
    file = installation.data / FILE
    file.write_text("".join(f'{{"message": "number {n}"}}\n' for n in range(30)))
    _, report = reported(installation)
    assert [one["message"] for one in report["last_warnings"]] == [
        f"number {n}" for n in range(10, 30)
    ]
