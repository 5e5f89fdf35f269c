"""What cannot be spoiled from outside: the machine, and single pieces of evidence."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journiv import config
from journiv.contracts.findings import Finding
from journiv.services.doctor import database, installation, machine, outside, redis_probe, upkeep
from journiv.services.doctor.evidence import Evidence, Stored
from journiv.services.doctor.machine import Machine
from journiv.services.doctor.seen import Seen
from journiv_auth_local.hashing import PROFILES, PasswordHashes
from journiv_store_sqlite.checklist import file_system, findings
from tests.services.redis import RedisServer

GIB = 1 << 30
ROOMY = Machine(total=100 * GIB, free=60 * GIB, in_container=False)


def evidence(machine: Machine = ROOMY, **environ: str) -> Evidence:
    return Evidence(
        settings=config.core(config.read_sources(environ)),
        now=datetime(2026, 11, 24, tzinfo=UTC),
        version="1.2.3",
        machine=machine,
        stored=Stored(),
        seen=Seen(),
    )


@pytest.mark.parametrize(
    ("host", "in_container", "status"),
    [
        ("127.0.0.1", False, "manual"),
        ("10.0.0.7", False, "manual"),
        ("0.0.0.0", False, "warn"),
        ("::", False, "warn"),
        ("8.8.8.8", False, "warn"),
        ("0.0.0.0", True, "manual"),
    ],
)
def test_I6_warns_of_a_public_address_outside_a_container(host, in_container, status):
    found = evidence(replace(ROOMY, in_container=in_container), APP_HOST=host)
    assert installation.firewall(found).status == status


@pytest.mark.parametrize(
    ("total", "free", "status"),
    [(100, 60, "pass"), (100, 9, "warn"), (4000, 90, "pass"), (10, 1.9, "warn"), (10, 2, "pass")],
)
def test_M6_wants_two_gibibytes_and_a_tenth_unless_there_is_plenty(total, free, status):
    found = evidence(Machine(total=total * GIB, free=int(free * GIB), in_container=False))
    assert upkeep.room(found).status == status


def test_the_machine_is_asked_for_the_disk_of_a_folder_that_is_not_there_yet(tmp_path):
    here = machine.look(tmp_path / "not" / "yet")
    assert here.total >= here.free > 0
    assert here.total == machine.look(tmp_path).total


@pytest.mark.parametrize(
    ("mode", "is_open"), [(0o600, False), (0o640, False), (0o660, True), (0o644, True)]
)
def test_a_file_is_open_when_others_read_or_the_group_writes(tmp_path, mode, is_open):
    file = tmp_path / "secret"
    file.touch()
    file.chmod(mode)
    assert machine.is_open(file) == is_open


def test_random_keys_of_32_characters_are_never_called_weak():
    for _ in range(2000):
        assert installation.entropy(secrets.token_hex(16)) > installation.LEAST_BITS
        assert installation.entropy(secrets.token_urlsafe(24)) > installation.LEAST_BITS


@pytest.mark.parametrize(
    "key", ["a" * 40, "ab" * 20, "hunter2!" * 5, "aaaaaaaabbbbbbbbccccccccdddddddd"]
)
def test_what_repeats_is_called_weak(key):
    assert installation.entropy(key) < installation.LEAST_BITS


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('{"latest": "1.2.3"}', "pass"),
        ('{"latest": "v1.2.4"}', "warn"),
        ('{"latest": "1.10.0"}', "warn"),
        ('{"latest": "newest"}', "manual"),
        ("[]", "manual"),
        ("", "manual"),
    ],
)
def test_M3_compares_with_the_file_and_believes_no_nonsense(tmp_path, text, status):
    (tmp_path / "release.json").write_text(text)
    assert upkeep.release(evidence(JOURNIV_DATA=str(tmp_path))).status == status


def test_a_store_judges_its_own_lines_and_adds_others():
    ours = [Finding(id=name, title="", status="manual") for name in ("I1", "D1", "D2", "N1")]
    theirs = [
        Finding(id="D2", title="ssl", status="pass"),
        Finding(id="P1", title="role", status="warn", advice="No superuser, please."),
    ]
    merged = database.merged(ours, theirs)
    assert [(line.id, line.status) for line in merged] == [
        ("I1", "manual"), ("D1", "manual"), ("D2", "pass"), ("N1", "manual"), ("P1", "warn"),
    ]  # fmt: skip


def test_the_deepest_mount_tells_the_file_system(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/a / ext4 rw 0 0\nhost:/x /data nfs4 rw 0 0\nd /data/my\\040disk xfs rw 0 0\n"
    )
    assert file_system(Path("/data/journiv.db"), mounts) == "nfs4"
    assert file_system(Path("/data/my disk/journiv.db"), mounts) == "xfs"
    assert file_system(Path("/database/journiv.db"), mounts) == "ext4"
    assert file_system(Path("/data/journiv.db"), tmp_path / "none") == ""


def test_a_redis_is_asked_with_its_password(tmp_path):
    server = RedisServer(tmp_path, password="open-Sesame-7")
    server.start()
    try:
        assert redis_probe.trouble(server.url) is None
        assert redis_probe.trouble(server.url.replace("Sesame", "barley")).startswith("it refuses")
        without = server.url.replace(":open-Sesame-7@", "")
        assert "NOAUTH" in (redis_probe.trouble(without) or "")
    finally:
        server.stop()
    assert redis_probe.trouble(server.url) is not None


@pytest.mark.parametrize(
    ("url", "guarded"),
    [
        ("redis://redis:6379/0", False),
        ("redis://:secret@redis:6379/0", True),
        ("redis://127.0.0.1/0", True),
        ("unix:///run/redis.sock", True),
    ],
)
def test_a_redis_others_reach_wants_a_password(url, guarded):
    assert redis_probe.guarded(url) == guarded


def test_a_hash_of_other_parameters_is_outdated_and_so_is_a_damaged_one():
    now = PasswordHashes(PROFILES["low"])
    stored = now.make("quill-Lantern-harbour-47")
    assert not now.outdated(stored)
    assert PasswordHashes(PROFILES["standard"]).outdated(stored)
    assert now.outdated({"hash": "x"})
    assert now.outdated({})


@pytest.mark.parametrize("url", ["redis://:pa/ss@redis:6379", "redis://:open-Sesame-7@h:x", "//"])
def test_a_redis_url_that_is_none_is_told_without_a_word_of_it(url):
    told = redis_probe.trouble(url) or ""
    assert told
    assert "pa" not in told
    assert "Sesame" not in told


@pytest.mark.parametrize("name", ["host:port", "a..b", f"{'a' * 70}.test", "[::1"])
def test_a_public_name_that_is_none_is_a_line_that_fails(name):
    found = outside.look(f"https://{name}", 8000)
    assert found.pages
    assert not found.own_port


def test_what_is_no_database_fails_the_line_of_its_files(tmp_path):
    tmp_path.chmod(0o700)
    file = tmp_path / "journiv.db"
    file.write_bytes(b"Dear diary, " * 1000)
    file.chmod(0o600)
    [line] = [line for line in findings(file) if line.id == "D4"]
    assert line.status == "fail"
    assert "restore a backup" in line.advice
