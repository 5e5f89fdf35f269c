from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from journiv.contracts.media_processing import Variant
from journiv.domain.errors import Unprocessable
from tests.plugins.media_formats import samples
from tests.plugins.media_formats.conftest import Workshop
from tests.plugins.media_formats.test_sniffing import FILMS, SOUNDS

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("suffix", FILMS)
async def test_a_film_has_a_size_a_length_and_a_poster(suffix: str, workshop: Workshop):
    path = samples.recording(workshop.folder, suffix)
    facts = await workshop.recordings.inspect(path, samples.TYPES[suffix])
    assert (facts.width, facts.height) == (320, 180)
    assert facts.duration == pytest.approx(2, abs=0.2)
    (made,) = await workshop.thumbnail(path, Variant(name="poster", longest=160))
    assert (made.mime, made.width, made.height) == ("image/webp", 160, 90)
    with Image.open(made.path) as picture:
        assert len(picture.convert("RGB").getcolors(99999)) > 100  # not one colour


@pytest.mark.parametrize("suffix", SOUNDS)
async def test_a_sound_has_a_length_and_no_picture(suffix: str, workshop: Workshop):
    path = samples.recording(workshop.folder, suffix)
    facts = await workshop.recordings.inspect(path, samples.TYPES[suffix])
    assert (facts.width, facts.height) == (None, None)
    assert facts.duration == pytest.approx(2, abs=0.2)
    assert await workshop.thumbnail(path) == []


@pytest.mark.asyncio
async def test_without_ffmpeg_there_is_no_preview_and_no_error(
    own_workshop: Workshop, monkeypatch: pytest.MonkeyPatch
):
    path = samples.recording(own_workshop.folder, "mp4")
    monkeypatch.setenv("PATH", str(own_workshop.folder))
    facts = await own_workshop.recordings.inspect(path, "video/mp4")
    assert (facts.width, facts.height, facts.duration) == (None, None, None)
    assert await own_workshop.thumbnail(path) == []
    assert await own_workshop.strip(path) is not None


async def test_a_film_held_sideways_is_measured_as_seen(workshop: Workshop):
    straight = samples.recording(workshop.folder, "mp4")
    path = workshop.folder / "sideways.mp4"
    turned = ("-display_rotation", "90", "-i", str(straight), "-c", "copy", str(path))
    done = subprocess.run(["ffmpeg", "-v", "error", *turned], capture_output=True)
    if done.returncode:  # an older ffmpeg says it by a tag
        turned = ("-i", str(straight), "-c", "copy", "-metadata:s:v", "rotate=90", str(path))
        subprocess.run(["ffmpeg", "-v", "error", "-y", *turned], check=True)
    facts = await workshop.recordings.inspect(path, "video/mp4")
    assert (facts.width, facts.height) == (180, 320)
    (made,) = await workshop.thumbnail(path, Variant(name="poster", longest=160))
    assert (made.width, made.height) == (90, 160)
    clean = await workshop.strip(path)
    assert clean is not None
    facts = await workshop.recordings.inspect(clean, "video/mp4")
    assert (facts.width, facts.height) == (180, 320)


async def test_a_track_of_places_beside_the_film_goes_with_its_samples(workshop: Workshop):
    """The sound's track is made one of timed notes, as cameras write places."""
    path = samples.recording(workshop.folder, "mp4")
    content = path.read_bytes()
    sound = content.index(b"soun", content.index(b"smhd") - 200)
    path.write_bytes(content[:sound] + b"meta" + content[sound + 4 :])
    samples_before = packets(path, "1")
    assert len(samples_before) > 20
    clean = await workshop.strip(path)
    assert clean is not None
    assert packets(clean, "1") == []
    assert len(packets(clean, "0")) == 20
    place, size = samples_before[5]
    assert clean.read_bytes()[place : place + size] == bytes(size)
    (made,) = await workshop.thumbnail(clean)
    assert (made.width, made.height) == (30, 17)


def packets(path: Path, stream: str) -> list[tuple[int, int]]:
    """Return where the packets of a stream lie, and how long each is."""
    wanted = ("-show_entries", "packet=pos,size", "-select_streams", stream, "-of", "json")
    said = subprocess.run(
        ["ffprobe", "-v", "error", *wanted, str(path)], check=True, capture_output=True
    ).stdout
    return [(int(one["pos"]), int(one["size"])) for one in json.loads(said).get("packets", [])]


@pytest.mark.parametrize("suffix", [*FILMS, *SOUNDS])
async def test_every_frame_stays(suffix: str, workshop: Workshop):
    path = samples.recording(workshop.folder, suffix)
    clean = await workshop.strip(path) or path
    assert frames(clean) == frames(path)


def frames(path: Path) -> str:
    """Return a checksum of everything that is decoded; raises when anything cannot be."""
    command = ["ffmpeg", "-v", "error", "-xerror", "-i", str(path), "-f", "md5", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


async def test_a_list_of_other_files_is_never_followed(workshop: Workshop):
    name = samples.recording(workshop.folder, "mp4").name
    playlist = workshop.folder / "list"
    small = [Variant(name="small", longest=30)]
    for content in (f"#EXTM3U\n#EXTINF:1,\n{name}\n", f"ffconcat version 1.0\nfile {name}\n"):
        playlist.write_text(content)
        for mime in sorted(workshop.recordings.types):
            with pytest.raises(Unprocessable):
                await workshop.recordings.inspect(playlist, mime)
        assert await workshop.recordings.render(playlist, "video/mp4", small, workshop.folder) == []
