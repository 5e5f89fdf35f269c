"""The image's start script and what Dockerfile and compose.yaml promise; no engine runs here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from devtools.paths import ROOT

SCRIPT = ROOT / "deploy" / "journiv-container"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()
SHOW = '#!/bin/sh\necho $(id -u):$(id -g):$(id -G) "$@"; cat "$JOURNIV_DATA/entry"\n'


@pytest.fixture
def place():
    """A folder that every user may enter; pytest's own ones are private."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def image(place):
    """The start script, the data folder and a program in place of journiv."""
    shutil.copy(SCRIPT, place / "start")
    (place / "journiv").write_text(SHOW)
    (place / "journiv").chmod(0o755)
    (place / "data").mkdir(mode=0o700)
    (place / "data" / "entry").write_text("Up betimes.\n")
    (place / "data" / "entry").chmod(0o600)
    return place


def start(
    image: Path, *arguments: str, before: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the script as the image does, or after the command in `before`."""
    places = {"JOURNIV_PROGRAM": str(image / "journiv"), "JOURNIV_DATA": str(image / "data")}
    return subprocess.run(
        [*before, str(image / "start"), *arguments],
        env={"PATH": os.environ["PATH"], **places, **environment},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_root_gives_the_data_to_the_wanted_user_and_becomes_it(image):
    """Somebody who is not root cannot, and is told so."""
    wanted = os.geteuid() + 1234
    started = start(image, "serve", "--log", PUID=str(wanted), PGID="1235")
    if os.geteuid() == 0:
        assert started.stdout == "1234:1235:1235 serve --log\nUp betimes.\n"
        owners = {(path.stat().st_uid, path.stat().st_gid) for path in (image / "data").rglob("*")}
        assert owners == {(1234, 1235)}
    else:
        assert started.returncode == 78
        assert f"PUID={wanted} is set, but the container was started as uid" in started.stderr


def test_without_root_the_program_starts_as_it_is(image):
    """As in the image, where the user is 10001 unless somebody says otherwise."""
    user, before = os.geteuid(), []
    if user == 0:
        user, before = 10001, ["setpriv", "--reuid=10001", "--regid=10001", "--clear-groups"]
        for path in (image / "data", image / "data" / "entry"):
            os.chown(path, user, user)
    started = start(image, "health", before=before)
    assert started.stdout.startswith(f"{user}:")
    assert started.stdout.endswith(" health\nUp betimes.\n")


@pytest.mark.parametrize("number", ["0", "-1", "sam", "1.5", "99999999999"])
def test_a_number_that_is_no_user_is_refused_in_one_sentence(image, number):
    refused = start(image, "serve", PUID=number)
    assert refused.returncode == 78
    assert refused.stdout == ""
    assert refused.stderr.startswith(f"PUID is '{number}', but must be a number from 1 to")
    assert refused.stderr.count("\n") == 1


def test_the_image_runs_as_10001_with_a_data_volume_and_its_own_health_check():
    assert "USER 10001:10001" in DOCKERFILE
    assert "VOLUME /data" in DOCKERFILE
    assert re.search(r'^HEALTHCHECK .*CMD \["journiv", "health"\]$', DOCKERFILE, re.MULTILINE)
    for setting in ("ENVIRONMENT=production", "JOURNIV_DATA=/data", "PYTHONDONTWRITEBYTECODE=1"):
        assert setting in DOCKERFILE


def test_everything_in_the_image_comes_from_hashed_locks():
    logical = DOCKERFILE.replace("\\\n", " ")
    for command in re.findall(r"pip install ([^&\n]+)", logical):
        assert "--require-hashes" in command or "--no-deps" in command, command


def test_no_secret_lies_in_the_image_or_the_compose_file():
    assert "SECRET_KEY" not in DOCKERFILE
    assert re.search(r"SECRET_KEY: \$\{SECRET_KEY:\?", COMPOSE)
    assert not re.search(r"PASSWORD: (?!\$\{)", COMPOSE)


def test_compose_starts_sqlite_alone_and_has_both_profiles():
    assert "profiles: [postgres]" in COMPOSE
    assert "profiles: [redis]" in COMPOSE
    assert not re.search(r"^ *DATABASE_URL:", COMPOSE, re.M)


def test_the_compose_service_has_as_little_as_it_needs():
    service = COMPOSE.split("  journiv:")[1].split("\n  postgres:")[0]
    for line in ("read_only: true", "cap_drop: [ALL]", "- no-new-privileges:true"):
        assert line in service


def test_the_version_of_the_image_is_the_version_of_the_project():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"image: journiv:{version}\n" in COMPOSE


def test_what_the_dockerfile_copies_is_let_through():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source.rstrip("/").split("/")[0]
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert copied <= allowed
    assert all((ROOT / name).exists() for name in copied)
