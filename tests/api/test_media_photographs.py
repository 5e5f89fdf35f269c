"""Photographs and films through a real server: what is served of them tells nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json
from tests.api.pictures import new_entry, send, sent, settled
from tests.plugins.media_formats import samples
from tests.plugins.media_formats.test_bombs import BOMBS
from tests.plugins.media_formats.test_orientation import CORNERS, corners, sideways
from tests.plugins.media_formats.test_stripping import assert_tells_nothing

PICTURES = ("jpg", "png", "gif", "webp", "avif", "heic")


@pytest.fixture
async def person(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def entry(person: ApiClient) -> Json:
    return await new_entry(person)


async def served(person: ApiClient, medium: Json, folder: Path) -> list[Path]:
    """Fetch everything that is served of a medium: itself and each of its sizes."""
    paths = []
    for number, path in enumerate(("", "/thumbnail", "/thumbnail?size=medium")):
        answer = await person.get(f"/media/{medium['id']}{path}")
        assert answer.status == 200, (path, answer.json)
        suffix = answer.headers["Content-Type"].partition("/")[2]
        paths.append(folder / f"served-{number}.{suffix}")
        paths[-1].write_bytes(answer.body)
    return paths


@pytest.mark.parametrize("suffix", PICTURES)
async def test_UPL_7_a_photograph_tells_no_place_in_any_size(
    suffix: str, person: ApiClient, entry: Json, tmp_path: Path
):
    taken = samples.photograph(tmp_path, suffix, 6)
    medium = await settled(person, await sent(person, entry, taken.read_bytes(), taken.name))
    assert medium["upload_status"] == "completed"
    for path in await served(person, medium, tmp_path):
        assert_tells_nothing(path)


async def test_whoever_keeps_what_photographs_tell_is_served_it_but_in_no_thumbnail(
    person: ApiClient, entry: Json, tmp_path: Path
):
    await person.put("/users/me/settings", {"keep_media_metadata": True})
    taken = samples.photograph(tmp_path, "jpg", 6)
    medium = await settled(person, await sent(person, entry, taken.read_bytes(), taken.name))
    original, *drawn = await served(person, medium, tmp_path)
    assert original.read_bytes() == taken.read_bytes()
    for path in drawn:
        assert_tells_nothing(path)


async def test_UPL_6_photographs_are_upright_in_every_size(
    person: ApiClient, entry: Json, tmp_path: Path
):
    for orientation in range(1, 9):
        suffix = ("jpg", "heic")[orientation % 2]
        taken = sideways(tmp_path, suffix, orientation)
        medium = await settled(person, await sent(person, entry, taken.read_bytes(), taken.name))
        assert (medium["width"], medium["height"]) == (60, 40)
        folder = tmp_path / str(orientation)
        folder.mkdir()
        for path in (await served(person, medium, folder))[1:]:
            with Image.open(path) as picture:
                assert (orientation, *corners(picture)) == (orientation, *CORNERS)


async def test_a_film_tells_no_place_and_has_a_poster_and_a_length(
    person: ApiClient, entry: Json, tmp_path: Path
):
    film = samples.recording(tmp_path, "mp4")
    medium = await settled(person, await sent(person, entry, film.read_bytes(), film.name))
    assert medium["media_type"] == "video"
    assert medium["duration"] == pytest.approx(2, abs=0.2)
    for path in await served(person, medium, tmp_path):
        assert_tells_nothing(path)


async def test_UPL_4_and_UPL_5_bombs_and_damage_are_refused_and_the_server_lives(
    person: ApiClient, entry: Json, tmp_path: Path
):
    whole = samples.photograph(tmp_path, "jpg").read_bytes()
    for bomb, make in BOMBS.items():
        refused = await send(person, entry["id"], make(tmp_path).read_bytes(), None)
        assert (bomb, refused.status) == (bomb, 422)
        assert refused.detail == "This picture has more than 80 million pixels."
    damaged = await send(person, entry["id"], whole[: len(whole) // 2], "half.jpg")
    assert (damaged.status, damaged.detail) == (422, "This file is damaged: it ends too early.")
    both = tmp_path / "both.gif"
    samples.quarters().save(both, comment=b"<script>alert(1)</script>")
    disguised = await send(person, entry["id"], both.read_bytes(), both.name)
    assert (disguised.status, disguised.detail) == (422, "This file is a document as well.")
    assert (await person.get(f"/entries/{entry['id']}/media")).json == []
    assert (await send(person, entry["id"], whole, "whole.jpg")).status == 201
