"""Each spoiled thing flips exactly its own line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from journiv.services.backup.marks import DRILLED
from journiv.services.backup.marks import GOOD as GOOD_BACKUP
from journiv.services.doctor.seen import key_name
from tests.doctor.installation import GOOD, KEY, Installation, ago

PAGE: Final = {
    f"{group}{number}"
    for group, count in {"I": 6, "U": 5, "D": 5, "N": 6, "M": 6, "X": 5}.items()
    for number in range(1, count + 1)
}
SSO: Final = {
    "OIDC_ENABLED": "true",
    "OIDC_ONLY": "true",
    "OIDC_ISSUER": "https://id.diary.test",
    "OIDC_CLIENT_ID": "journiv",
    "DISABLE_SIGNUP": "true",
}

Spoil = Callable[[Installation], Mapping[str, str]]


def set_to(**settings: str) -> Spoil:
    return lambda installation: settings


def last_run(name: str, *, days: int) -> Spoil:
    def spoil(installation: Installation) -> Mapping[str, str]:
        installation.sql(
            "INSERT INTO leases (name, last_run_at) VALUES (?, ?)", name, ago(days=days)
        )
        return {}

    return spoil


def keyed(key: str) -> Spoil:
    def spoil(installation: Installation) -> Mapping[str, str]:
        installation.use_key(key)
        return {"SECRET_KEY": key}

    return spoil


def seen(**changes: int | str) -> Spoil:
    def spoil(installation: Installation) -> Mapping[str, str]:
        installation.saw(**changes)
        return {}

    return spoil


def in_open_file(name: str, text: str) -> Spoil:
    """Give a secret in a file that everybody may read."""

    def spoil(installation: Installation) -> Mapping[str, str]:
        file = installation.folder / "secret.txt"
        file.write_text(text)
        file.chmod(0o644)
        return {name: "", f"{name}_FILE": str(file)}

    return spoil


def sql(statement: str, *values: str) -> Spoil:
    def spoil(installation: Installation) -> Mapping[str, str]:
        installation.sql(statement, *values)
        return {}

    return spoil


def open_to_others(mode: int, name: str) -> Spoil:
    def spoil(installation: Installation) -> Mapping[str, str]:
        (installation.data / name).chmod(mode)
        return {}

    return spoil


def many_refusals(installation: Installation) -> Mapping[str, str]:
    installation.audit(120, "refused")
    return {}


def newer_release(installation: Installation) -> Mapping[str, str]:
    (installation.data / "release.json").write_text('{"latest": "99.0.0"}')
    return {}


def old_key(installation: Installation) -> Mapping[str, str]:
    installation.use_key(KEY, ago(days=400))
    return {}


def idle_previous_key(installation: Installation) -> Mapping[str, str]:
    installation.use_key(KEY, ago(days=40))
    return {"SECRET_KEY_PREVIOUS": "an-older-key-Zq81kfy37Lw92Jx0Bv65"}


def changed_audit(installation: Installation) -> Mapping[str, str]:
    installation.audit(3, "ok")
    installation.sql("UPDATE audit SET event = 'nothing' WHERE number = 2")
    return {}


def old_unrotated_session(installation: Installation) -> Mapping[str, str]:
    installation.add_session("adaptive", ago(days=3))
    return {}


def in_open_settings(installation: Installation) -> Mapping[str, str]:
    file = installation.data / "journiv.toml"
    file.write_text('setup_token = "a-token-for-the-first-account-0815"')
    file.chmod(0o644)
    return {}


def no_account(installation: Installation) -> Mapping[str, str]:
    installation.sql("DELETE FROM identities")
    installation.sql("DELETE FROM users")
    return {}


def damaged(installation: Installation) -> Mapping[str, str]:
    """Break the last page, which nothing the checklist reads is on."""
    installation.sql("CREATE TABLE last (text)")
    installation.sql("INSERT INTO last VALUES (?)", "x" * 9000)
    with installation.database.open("r+b") as file:
        [(root,)] = installation.sql("SELECT rootpage FROM sqlite_schema WHERE name = 'last'")
        [(size,)] = installation.sql("PRAGMA page_size")
        installation.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        file.seek((root - 1) * size)
        file.write(b"\xff" * 64)
    return {}


@pytest.mark.parametrize(
    ("line", "status", "spoil"),
    [
        ("I1", "fail", keyed("short-but-Random-8fk2")),
        ("I1", "fail", keyed("change-me-please-change-me-please-0123")),
        ("I1", "fail", keyed("abcabcabcabcabcabcabcabcabcabcabcabcabcabc")),
        ("I1", "warn", in_open_file("SECRET_KEY", KEY)),
        ("I2", "fail", set_to(ENVIRONMENT="development")),
        ("I3", "fail", set_to(DEBUG="true")),
        ("I4", "warn", set_to(DOMAIN_SCHEME="http")),
        ("I5", "warn", seen(scheme="http")),
        ("U2", "warn", set_to(ACCESS_TOKEN_EXPIRE_MINUTES="600")),
        ("U2", "warn", set_to(REFRESH_TOKEN_EXPIRE_DAYS="365")),
        ("U5", "fail", set_to(REDIS_URL="redis://127.0.0.1:1/0")),
        ("D4", "fail", open_to_others(0o644, "journiv.db")),
        ("D4", "warn", open_to_others(0o755, "")),
        ("D4", "fail", damaged),
        ("N1", "warn", seen(named=0, unnamed=7)),
        ("N1", "warn", seen(named=0, ignored=7)),
        ("N4", "warn", seen(ignored=7)),
        ("N6", "warn", set_to(ENABLE_CORS="true", CORS_ORIGINS="http://localhost:3000")),
        ("N6", "warn", set_to(ENABLE_CORS="true", CORS_ORIGINS="https://diary.test")),
        ("M2", "warn", many_refusals),
        ("M3", "warn", newer_release),
        ("M5", "warn", old_key),
        ("M5", "warn", idle_previous_key),
        ("M1", "pass", last_run(GOOD_BACKUP, days=7)),
        ("M1", "fail", last_run(GOOD_BACKUP, days=9)),
        ("M1", "warn", set_to(BACKUP_SCHEDULE="daily")),
        ("X4", "pass", last_run(DRILLED, days=7)),
        ("X4", "fail", last_run(DRILLED, days=9)),
        ("X1", "fail", set_to(RATE_LIMIT_ENABLED="false")),
        ("X1", "fail", set_to(RATE_LIMIT_EXEMPT_CIDRS="10.0.0.0/8,0.0.0.0/0")),
        ("X1", "fail", set_to(TRUSTED_PROXIES="::/0")),
        ("X1", "warn", set_to(RATE_LIMIT_PER_MINUTE="100000")),
        ("X2", "manual", seen(probes=0)),
        ("X5", "warn", set_to(LOG_LEVEL="ERROR")),
        ("E1", "warn", no_account),
        ("E2", "warn", sql("DELETE FROM key_values WHERE namespace = 'totp'")),
        ("E3", "warn", set_to(ARGON2_PROFILE="standard")),
        ("E4", "warn", old_unrotated_session),
        ("E5", "warn", in_open_file("SETUP_TOKEN", "a-token-for-the-first-account-0815")),
        ("E5", "warn", in_open_settings),
        ("E6", "fail", changed_audit),
    ],
)
def test_DOC_1_a_spoiled_thing_flips_exactly_its_line(installation, good, line, status, spoil):
    settings = spoil(installation)
    assert installation.lines(**settings) == good | {line: status}
    assert good[line] != status


def test_DOC_2_a_good_installation_passes_or_leaves_to_people(good):
    assert set(good) == PAGE | {f"E{number}" for number in range(1, 8)}
    assert set(good.values()) == {"pass", "manual"}
    by_hand = {line for line, status in good.items() if status == "manual"}
    assert by_hand == {"I6", "N2", "N3", "N4", "N5", "M1", "M4", "X3", "X4"}


def nearly_everything(installation: Installation) -> Mapping[str, str]:
    """Go as far as each line allows."""
    installation.audit(99, "refused")
    installation.audit(200, "ok")
    installation.add_session("adaptive", ago(hours=20))
    installation.add_session("strict", ago(days=5))
    installation.add_session("adaptive", ago(days=5), revoked_at=ago(days=2))
    installation.keep("doctor", key_name(KEY), ago(days=364))
    return {
        "ACCESS_TOKEN_EXPIRE_MINUTES": "60",
        "REFRESH_TOKEN_EXPIRE_DAYS": "90",
        "RATE_LIMIT_PER_MINUTE": "1000",
        "RATE_LIMIT_EXEMPT_CIDRS": "10.0.0.0/8",
        "ENABLE_CORS": "true",
        "CORS_ORIGINS": "https://app.diary.test",
        "LOG_LEVEL": "DEBUG",
    }


def disabled_without_second_factor(installation: Installation) -> Mapping[str, str]:
    installation.sql("DELETE FROM key_values WHERE namespace = 'totp'")
    installation.sql("UPDATE users SET is_active = 0")
    return {}


@pytest.mark.parametrize("change", [nearly_everything, disabled_without_second_factor])
def test_what_is_all_right_flips_nothing(installation, good, change):
    assert installation.lines(**change(installation)) == good


def test_a_database_of_another_release_is_left_alone_and_not_judged(installation, good):
    installation.sql("UPDATE alembic_version SET version_num = '0001'")
    not_known = dict.fromkeys(("M2", "M5", "E1", "E2", "E3", "E4", "E6"), "manual")
    seen_nothing = dict.fromkeys(("I5", "N1", "X2"), "manual")
    assert installation.lines() == good | not_known | seen_nothing
    assert installation.sql("SELECT version_num FROM alembic_version") == [("0001",)]


def test_sign_up_beside_single_sign_on_alone_flips_its_line(installation):
    closed = installation.lines(**SSO)
    assert installation.lines(**SSO | {"DISABLE_SIGNUP": "false"}) == closed | {"U3": "warn"}
    assert "fail" not in closed.values()


def test_a_database_for_many_servers_without_a_public_name_flips_its_line(installation):
    shared = {"DATABASE_URL": "postgresql://sam@127.0.0.1:1/journiv", "STARTUP_TIMEOUT": "0"}
    named = installation.lines(**shared)
    assert named["E7"] == "pass"
    assert installation.lines(**shared, DOMAIN_NAME="")["E7"] == "warn"


def test_without_a_key_production_fails_and_says_what_makes_one(installation):
    done = installation.run("doctor", SECRET_KEY="")
    [line] = [line for line in done.stdout.splitlines() if line.startswith("I1")]
    assert done.returncode == 1
    assert "openssl rand -base64 32" in line


def test_it_makes_nothing_and_tells_no_secret(tmp_path):
    empty = Installation(tmp_path)
    done = empty.run("doctor", REDIS_URL="redis://:hush-hush@127.0.0.1:1/0", SETUP_TOKEN="tok-4711")
    assert list(tmp_path.iterdir()) == []
    for secret in (GOOD["SECRET_KEY"], "hush-hush", "tok-4711"):
        assert secret not in done.stdout + done.stderr


def test_each_line_that_does_not_pass_says_what_to_do(installation):
    for line in installation.run("doctor", DEBUG="true").stdout.splitlines():
        _, status, rest = line.split(maxsplit=2)
        assert (status == "pass") == (": " not in rest), line


@pytest.mark.parametrize(
    ("settings", "code"), [({}, 0), ({"LOG_LEVEL": "ERROR"}, 0), ({"DEBUG": "true"}, 1)]
)
def test_DOC_4_the_exit_code_is_1_when_a_line_fails_and_0_otherwise(installation, settings, code):
    assert installation.run("doctor", **settings).returncode == code
    assert installation.run("doctor", "--json", **settings).returncode == code


def test_each_row_of_the_json_has_the_same_four_texts(installation):
    rows = json.loads(installation.run("doctor", "--json").stdout)
    for row in rows:
        assert list(row) == ["id", "title", "status", "advice"]
        assert {type(value) for value in row.values()} == {str}
        assert row["status"] in ("pass", "warn", "fail", "manual")
    assert len({row["id"] for row in rows}) == len(rows)
