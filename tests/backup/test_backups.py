"""`journiv backup`: real servers, the real command line and the stock age program."""

from __future__ import annotations

import asyncio
import io
import subprocess
import tarfile
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import register, sign_in
from tests.api.server import ServerProcess
from tests.backup.conftest import Journiv

EMAIL = "pepys@example.org"
WRITTEN = "Up betimes, and to my office."


async def write_first_entry(connections: ClientSession, server: ServerProcess) -> ApiClient:
    pepys = await register(ApiClient(connections, server.url, server.contract), EMAIL)
    journal = (await pepys.post("/journals/", {"title": "Diary"})).json["id"]
    await write(pepys, journal, WRITTEN)
    return pepys


async def write(pepys: ApiClient, journal: str, text: str) -> None:
    entry = {"title": "A day", "content": text, "journal_id": journal}
    assert (await pepys.post("/entries/", entry)).status == 201


def only_backup(folder: Path) -> Path:
    (found,) = [path for path in (folder / "backups").iterdir() if path.suffix in (".tar", ".age")]
    return found


async def test_a_backup_of_a_running_server_opens_elsewhere_on_the_other_kind_of_store(
    tmp_path, connections, serve, journiv, postgres, database_settings, key
):
    identity, public = key
    server = serve("old", **database_settings)
    await write_first_entry(connections, server)
    photograph = server.folder / "data" / "media" / "some" / "photograph.jpg"
    photograph.parent.mkdir(parents=True)
    photograph.write_bytes(b"not really a picture" * 50_000)
    made = journiv("backup", "create", **server.location, BACKUP_AGE_RECIPIENT=public)
    assert made.returncode == 0, made.stderr
    there = {} if database_settings else {"DATABASE_URL": postgres.new_database()}
    place = {"JOURNIV_DATA": str(tmp_path / "new" / "data"), **there}
    back = journiv("backup", "restore", "--identity", identity, **place)
    assert back.returncode == 0, back.stderr
    restored = serve("new", **there)
    assert journiv("verify", **place).returncode == 0
    pepys = await sign_in(ApiClient(connections, restored.url, restored.contract), EMAIL)
    found = await pepys.get("/entries/")
    assert [entry["content"] for entry in found.json] == [WRITTEN]
    copy = tmp_path / "new" / "data" / "media" / "some" / "photograph.jpg"
    assert copy.read_bytes() == photograph.read_bytes()


def test_the_stock_program_opens_a_backup_and_its_digests_agree(tmp_path, journiv, key):
    identity, public = key
    place = migrated(journiv, tmp_path)
    assert journiv("backup", "create", **place, BACKUP_AGE_RECIPIENT=public).returncode == 0
    opened = subprocess.run(
        ["age", "-d", "-i", identity, only_backup(tmp_path)], check=True, capture_output=True
    )
    with tarfile.open(fileobj=io.BytesIO(opened.stdout)) as archive:
        archive.extractall(tmp_path / "out", filter="data")
    summed = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "out")
    assert summed.returncode == 0


def test_a_passphrase_opens_what_it_encrypted_and_no_other_does(tmp_path, journiv):
    secret, wrong = tmp_path / "passphrase", tmp_path / "wrong"
    secret.write_text("of man's first disobedience\n")
    wrong.write_text("and the fruit\n")
    place = migrated(journiv, tmp_path)
    made = journiv("backup", "create", **place, BACKUP_PASSPHRASE_FILE=str(secret))
    assert made.returncode == 0, made.stderr
    assert journiv("backup", "verify", **place, BACKUP_PASSPHRASE_FILE=str(secret)).returncode == 0
    refused = journiv("backup", "verify", **place, BACKUP_PASSPHRASE_FILE=str(wrong))
    assert refused.returncode == 1
    assert "passphrase" in refused.stderr


def test_another_identity_opens_nothing(tmp_path, journiv, key):
    place = migrated(journiv, tmp_path)
    assert journiv("backup", "create", **place, BACKUP_AGE_RECIPIENT=key[1]).returncode == 0
    other = tmp_path / "other.txt"
    subprocess.run(["age-keygen", "-o", other], check=True, capture_output=True)
    refused = journiv("backup", "verify", "--identity", other, **place)
    assert refused.returncode == 1
    assert "does not open" in refused.stderr


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_changed_or_cut_backup_is_refused_before_anything_is_touched(
    tmp_path, journiv, key, encrypted
):
    identity, public = key
    place = migrated(journiv, tmp_path)
    settings = {"BACKUP_AGE_RECIPIENT": public} if encrypted else {}
    assert journiv("backup", "create", **place, **settings).returncode == 0
    path = only_backup(tmp_path)
    whole = path.read_bytes()
    middle = whole.index(b"layout") if not encrypted else len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    new = {"JOURNIV_DATA": str(tmp_path / "new")}
    for spoiled in (flipped, whole[: len(whole) // 2], whole[: len(whole) - 2000], b""):
        path.write_bytes(spoiled)
        refused = journiv("backup", "restore", "--identity", identity, **new)
        assert refused.returncode == 1, refused.stderr
        assert "damaged" in refused.stderr
    path.write_bytes(whole)
    assert journiv("backup", "restore", "--identity", identity, **new).returncode == 0


def test_nothing_is_restored_over_a_journal(tmp_path, connections, journiv):
    place = migrated(journiv, tmp_path)
    add_account(journiv, place, tmp_path)
    assert journiv("backup", "create", **place).returncode == 0
    refused = journiv("backup", "restore", **place)
    assert refused.returncode == 1
    assert "already" in refused.stderr


def test_prune_keeps_the_newest_and_their_keys(tmp_path, journiv):
    secret = tmp_path / "passphrase"
    secret.write_text("of man's first disobedience\n")
    place = migrated(journiv, tmp_path) | {"BACKUP_PASSPHRASE_FILE": str(secret)}
    for _ in range(3):
        assert journiv("backup", "create", **place).returncode == 0
    names = [line.split()[0] for line in journiv("backup", "list", **place).stdout.splitlines()]
    assert journiv("backup", "prune", **place, BACKUP_KEEP="1").returncode == 0
    left = sorted(path.name for path in (tmp_path / "backups").iterdir() if path.is_file())
    assert left == [names[-1], names[-1] + ".key"]


async def test_the_server_makes_backups_by_its_schedule_and_prunes(tmp_path, serve, journiv):
    target = tmp_path / "backups"
    target.mkdir(mode=0o700)
    for number in range(3):
        (target / f"journiv-2020010{number + 1}T030000000000Z.tar").touch(mode=0o600)
    server = serve(
        "old", BACKUP_SCHEDULE="daily", BACKUP_TARGET=f"file://{target}", BACKUP_KEEP="2"
    )
    async with asyncio.timeout(20):
        while len(names := sorted(path.name for path in target.glob("*.tar"))) != 2:
            await asyncio.sleep(0.05)
        while "was restored as a trial" not in server.log.read_text():
            await asyncio.sleep(0.05)
    assert names[0].startswith("journiv-20200103")
    assert journiv("backup", "verify", "--quick", **server.location).returncode == 0
    assert not [*(server.folder / "data" / "scratch").iterdir()]


async def test_a_server_with_the_public_key_alone_tries_a_backup_of_its_own(tmp_path, serve, key):
    target = tmp_path / "backups"
    server = serve(
        "old",
        BACKUP_SCHEDULE="weekly",
        BACKUP_TARGET=f"file://{target}",
        BACKUP_AGE_RECIPIENT=key[1],
    )
    async with asyncio.timeout(20):
        while "was restored as a trial" not in server.log.read_text():
            await asyncio.sleep(0.05)
    assert [path.suffix for path in target.iterdir() if path.is_file()] == [".age"]
    assert not [*(server.folder / "data" / "scratch").iterdir()]


def migrated(journiv: Journiv, folder: Path) -> dict[str, str]:
    place = {"JOURNIV_DATA": str(folder / "data")}
    assert journiv("migrate", **place).returncode == 0
    return place


def add_account(journiv: Journiv, place: dict[str, str], folder: Path) -> None:
    (folder / "password").write_text("quill-Lantern-harbour-47\n")
    made = journiv("user", "create", EMAIL, "--password-file", folder / "password", **place)
    assert made.returncode == 0, made.stderr
