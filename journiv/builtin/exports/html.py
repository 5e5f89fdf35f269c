"""A page to read without any program but a browser, offline, and to print.

See docs/formats/html.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import IO, TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from journiv.builtin.exports.zipped import ZipWriter
from journiv.contracts.transfer import ExportedEntry, ExportedMedia, Exporter

if TYPE_CHECKING:
    from journiv.builtin.exports.html_text import TextRenderer

MEDIA: Final = "media/"
_HEAD: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:;
 media-src 'self' file:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Journal</title>
<style>
:root { color-scheme: light dark }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 Georgia, serif }
article { margin: 0 0 3rem; content-visibility: auto; contain-intrinsic-size: auto 20rem }
h2 { margin: 0; line-height: 1.25 }
.about, .tags { color: #6b6b6b; font: .85rem/1.5 system-ui, sans-serif; margin: .25rem 0 1rem }
.text { overflow-wrap: anywhere }
.text :is(h3, h4, h5, h6) { margin: 1.5rem 0 .5rem; line-height: 1.25 }
.text blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid }
.text pre { white-space: pre-wrap }
.text :is(th, td) { padding: .25rem .75rem; border-bottom: 1px solid; text-align: start }
figure { margin: 1rem 0 }
img, video { max-width: 100%; height: auto }
@media print {
  body { max-width: none; margin: 0 }
  article { content-visibility: visible }
  h2, h3, h4, .about { break-after: avoid }
  figure, img { break-inside: avoid; max-height: 20cm }
}
</style>
</head>
<body>
"""
_FOOT: Final = "</body>\n</html>\n"


class HtmlExporter(Exporter):
    """Writes one page with everything on it; it runs no script and asks for nothing else."""

    format = "html"
    summary = "One page with pictures to read offline and to print, in a ZIP"
    suffix = ".zip"
    media_type = "application/zip"

    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        """See `Exporter`. Media follow the page, whose text says what they are."""
        from journiv.builtin.exports.html_text import TextRenderer  # slow, and rarely needed

        media: dict[str, ExportedMedia] = {}
        text = TextRenderer()
        with ZipWriter(target) as archive:
            archive.pieces("index.html", map(str.encode, _page(entries, media, text)))
            for name, medium in media.items():
                archive.bytes(name, medium.chunks())


def _page(
    entries: Iterator[ExportedEntry], media: dict[str, ExportedMedia], text: TextRenderer
) -> Iterator[str]:
    yield _HEAD
    for entry in entries:
        yield _article(entry, text)
        media |= {MEDIA + medium.name: medium for medium in entry.media}
    yield _FOOT


def _article(entry: ExportedEntry, text: TextRenderer) -> str:
    local = datetime.fromisoformat(entry.at).astimezone(ZoneInfo(entry.zone))
    when = f"{local:%A, %d %B} {local.year}, {local:%H:%M} ({entry.zone})"
    about = [when, entry.journal, entry.mood, entry.location, entry.weather]
    lines = [
        f'<article id="{escape(entry.ref)}">',
        f"<h2>{escape(entry.title)}</h2>",
        f'<p class="about">{escape(" · ".join(one for one in about if one))}</p>',
        f'<div class="text">{text.render(entry.content)}</div>',
        *map(_figure, entry.media),
    ]
    if entry.tags:
        lines.append(f'<p class="tags">{escape(" ".join("#" + tag for tag in entry.tags))}</p>')
    return "\n".join([*lines, "</article>\n"])


def _figure(medium: ExportedMedia) -> str:
    source, alt = escape(MEDIA + medium.name), escape(medium.alt_text or "")
    match medium.kind:
        case "image":
            shown = f'<img src="{source}" alt="{alt}" loading="lazy">'
        case "video":
            shown = f'<video src="{source}" controls preload="metadata"></video>'
        case "audio":
            shown = f'<audio src="{source}" controls preload="metadata"></audio>'
        case _:
            shown = f'<a href="{source}">{escape(medium.file_name or medium.name)}</a>'
    return f"<figure>{shown}</figure>"
