"""Sources of every format: tests/data/imports/<format>/source, packed as the program packs them.

`media.json` beside a source names the files that are made here: `png` with a seed, `wav`, or text.
"""

from __future__ import annotations

import base64
import io
import re
import tarfile
import wave
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from journiv.contracts.transfer import Importer
from journiv_import_formats.daily_you import DailyYouImporter
from journiv_import_formats.daylio import DaylioImporter
from journiv_import_formats.daylio_csv import DaylioTableImporter
from journiv_import_formats.dayone import DayOneImporter
from journiv_import_formats.diarium import DiariumImporter
from journiv_import_formats.journey import JourneyImporter
from journiv_import_formats.journiv_backup import JournivBackupImporter
from journiv_import_formats.jrnl import JrnlImporter
from journiv_import_formats.jrnl_text import JrnlTextImporter
from journiv_import_formats.keep import KeepImporter
from journiv_import_formats.markdown import MarkdownImporter
from journiv_import_formats.memos import MemosImporter
from tests.api.pictures import png

FOLDER = Path(__file__).parents[2] / "data" / "imports"
MODIFIED = (2024, 3, 9, 18, 30, 0)
Members = Mapping[str, bytes]


def zipped(members: Members) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, MODIFIED), content)
    return target.getvalue()


def tarred(members: Members) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return target.getvalue()


def daylio(members: Members) -> bytes:
    """A Daylio backup, whose document is base64 of JSON."""
    document = base64.encodebytes(members["backup.json"])
    photos = {name: content for name, content in members.items() if name != "backup.json"}
    return zipped({"backup.daylio": document, **photos})


def alone(members: Members) -> bytes:
    (content,) = members.values()
    return content


@dataclass(frozen=True, slots=True)
class Source:
    """A format's folder, how the server is asked for it, and what becomes of it there.

    `journals` are those that its entries go to, `media` counts those that the server takes.
    With `kit` the kit reads its good records.
    """

    folder: str
    importer: Importer
    suffix: str
    pack: Callable[[Members], bytes]
    source_type: str
    journals: tuple[str, ...]
    media: int = 0
    kit: bool = True

    def __str__(self) -> str:
        return f"{self.folder}{self.suffix}"

    def members(self) -> dict[str, bytes]:
        """Every file of the source, by name, in the order of names."""
        root, made = FOLDER / self.folder / "source", FOLDER / self.folder / "media.json"
        written = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }
        media = orjson.loads(made.read_bytes()) if made.exists() else {}
        return dict(sorted((written | {name: _made(how) for name, how in media.items()}).items()))

    def expected(self) -> list[dict[str, Any]]:
        """What was written down by hand."""
        return list(orjson.loads((FOLDER / self.folder / "expected.json").read_bytes()))

    def write(self, path: Path, members: Members | None = None) -> Path:
        path.write_bytes(self.pack(self.members() if members is None else members))
        return path

    def clean(self) -> dict[str, bytes]:
        """The source without what is expected to be rejected."""
        members = self.members()
        for where in (one["where"] for one in reversed(self.expected()) if "rejected" in one):
            found = re.fullmatch(r"(?:(.+) )?record (\d+)", where)
            if found is None:
                del members[where]
                continue
            name = found[1] or next(iter(members))
            document = orjson.loads(members[name])
            array = document if isinstance(document, list) else _array(document)
            del array[int(found[2]) - 1]
            members[name] = orjson.dumps(document)
        return members


def _array(document: dict[str, Any]) -> list[Any]:
    return next(one for one in document.values() if isinstance(one, list))


def _made(how: str) -> bytes:
    kind, _, rest = how.partition(" ")
    if kind == "png":
        return png(2, 2, seed=int(rest))
    if kind == "text":
        return rest.encode()
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return target.getvalue()


KEEP = ("Google Keep",)
BACKUP, DAYONE, TABLE = JournivBackupImporter(), DayOneImporter(), DaylioTableImporter()
VAULT = ("Diary", "Imported", "Private", "Work")
SOURCES = [
    Source("journiv_1_0", BACKUP, ".zip", zipped, "journiv", ("Garden", "Sea"), 1, kit=False),
    Source("journiv_1_5", BACKUP, ".zip", zipped, "journiv", ("Sea", "Imported"), 1, kit=False),
    Source("dayone", DAYONE, ".zip", zipped, "dayone", ("Journal", "Work"), 5, kit=False),
    Source("daylio", DaylioImporter(), ".daylio", daylio, "daylio", ("Daylio",), 2, kit=False),
    Source("daylio_csv", TABLE, ".csv", alone, "daylio", ("Daylio",), kit=False),
    Source("markdown", MarkdownImporter(), ".zip", zipped, "markdown", VAULT, 2, kit=False),
    Source("journey", JourneyImporter(), ".zip", zipped, "journey", ("Journey", "Travel"), 3),
    Source("diarium", DiariumImporter(), ".zip", zipped, "diarium", ("Diarium",), 4),
    Source("jrnl", JrnlImporter(), ".json", alone, "jrnl", ("jrnl",)),
    Source("jrnl_text", JrnlTextImporter(), ".txt", alone, "jrnl", ("jrnl",), kit=False),
    Source("google_keep", KeepImporter(), ".zip", zipped, "google-keep", KEEP, 2),
    Source("google_keep", KeepImporter(), ".tgz", tarred, "keep", KEEP, 2),
    Source("memos", MemosImporter(), ".zip", zipped, "memos", ("Memos",), 3),
    Source("daily_you", DailyYouImporter(), ".json", alone, "daily-you", ("Daily You",)),
]  # fmt: skip
