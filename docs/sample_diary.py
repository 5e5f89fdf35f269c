"""A small diary of the last months, with weather inside and out, to photograph the app with."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

DAYS: Final = 300
SEED: Final = 1665
PICTURED: Final = 0.2

# Title, text, tags, place with latitude and longitude.
TEXTS: Final = (
    ("The heron is back", "Same post, same shoulders. It stood in the rain and did not mind.\n\n"
     "I did mind, and went home for *soup*.", ("river", "birds"), ("The weir", 51.47, -0.30)),
    ("A long table", "Eleven of us, two kinds of pie, and nobody looked at a clock. Ada told the "
     "story of the goat again. It has grown a second goat.", ("friends",), ("Ada's", 51.53, -0.12)),
    ("Slept badly", "Awake at three with the list of everything. By seven it was only a list.",
     ("sleep",), None),
    ("Bread", "- less water than last time\n- longer in the cold\n- **do not open the oven**\n\n"
     "The crust sang when it came out.", ("kitchen",), None),
    ("Letter from Jo", "Four pages, in pencil. She has planted the whole slope with beans.\n\n"
     "> Come before the frost, or come after it and bring socks.", ("letters", "friends"), None),
    ("Up the hill before work", "Frost on the fence, fog in the valley, and one bell. I could have "
     "stayed there all day.", ("walks",), ("Box Hill", 51.25, -0.31)),
    ("The meeting that was an e-mail", "An hour. I drew nine ducks.", ("work",), None),
    ("First swim", "Cold enough to swear in two languages. Then, for the whole day, that "
     "feeling of having been *rinsed*.", ("river", "swimming"), ("The weir", 51.47, -0.30)),
    ("Nothing much", "Washing, a walk to the post box, the good pen. A day that needs no more.",
     (), None),
    ("Market", "Quinces! The woman says they keep till Christmas if one does not look at them.",
     ("kitchen", "walks"), ("Market square", 51.75, -1.26)),
    ("Argued, and made up", "About the shed, which was not about the shed.", ("family",), None),
    ("By train to the sea", "Six hours of windows. The sea was where it had been left.",
     ("travel",), ("Whitby", 54.49, -0.61)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """One entry: when, what, how it was inside (1 to 5), and a picture for some."""

    at: datetime
    title: str
    content: str
    tags: tuple[str, ...]
    score: int
    place: tuple[str, float, float] | None
    picture: bytes | None


def days(until: datetime) -> Iterator[Day]:
    """Yield the diary up to a moment, the oldest first; the same each time for the same day."""
    chance = random.Random(SEED)  # noqa: S311 - the same diary each time
    mood = 3.2
    for ago in range(DAYS, -1, -1):
        mood = 0.65 * mood + 0.35 * 3.3 + chance.gauss(0, 0.75)
        if ago and chance.random() < 0.25:
            continue
        title, content, tags, place = TEXTS[chance.randrange(len(TEXTS)) if ago else 0]
        at = (until - timedelta(days=ago)).replace(
            hour=chance.randint(7, 20) if ago else 7, minute=chance.randint(0, 59), tzinfo=UTC
        )
        picture = landscape(chance) if not ago or chance.random() < PICTURED else None
        yield Day(at, title, content, tags, max(1, min(5, round(mood))), place, picture)


def landscape(chance: random.Random) -> bytes:
    """Draw hills below a sky with its sun, as JPEG."""
    width, height = 1200, 800
    hue = chance.choice(((250, 214, 165), (186, 214, 226), (236, 196, 189), (198, 208, 192)))
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        draw.line((0, y, width, y), fill=tuple(int(c * (0.72 + 0.28 * y / height)) for c in hue))
    sun = chance.randint(200, 1000), chance.randint(140, 360)
    draw.ellipse((sun[0] - 60, sun[1] - 60, sun[0] + 60, sun[1] + 60), fill=(255, 244, 214))
    for depth in range(1, 5):
        shade = tuple(int(c * (0.78 - 0.16 * depth)) for c in (hue[2], hue[1], hue[0]))
        edge, ridge = height * (0.38 + 0.13 * depth), []
        for x in range(0, width + 40, 40):
            edge += chance.uniform(-26, 26)
            ridge.append((x, edge))
        draw.polygon([(0, height), *ridge, (width, height)], fill=shade)
    kept = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(kept, "JPEG", quality=88)
    return kept.getvalue()
