"""An unpacked folder of notes: the command line reads it like the ZIP file of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from journiv.contracts.transfer import ImportedEntry
from journiv.domain.errors import BadRequest
from journiv_import_formats.folder import Folder
from journiv_import_formats.markdown import MarkdownImporter, MarkdownTagsImporter
from tests.api.pictures import png


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    secret, root = tmp_path / "outside", tmp_path / "vault"
    for folder in (secret, root / ".obsidian", root / "Work" / "2024" / "Calls"):
        folder.mkdir(parents=True)
    (secret / "2024-01-01 secret.md").write_text("secret")
    (secret / "secret.png").write_bytes(png(seed=9))
    (root / ".obsidian" / "2024-01-02.md").write_text("hidden")
    (root / ".2024-01-03.md").write_text("hidden")
    (root / "2024-01-04.md").symlink_to(secret / "2024-01-01 secret.md")
    (root / "linked").symlink_to(secret)
    (root / "row.png").write_bytes(png(seed=1))
    note = "#calls ![](../../../row.png) ![](../../../../outside/secret.png) ![[secret.png]]"
    (root / "Work" / "2024" / "Calls" / "2024-02-29.md").write_text(note)
    (root / "undated.md").write_text("Undated")
    os.utime(root / "undated.md", (1_709_245_800, 1_709_245_800))
    return root


def entries(importer: MarkdownImporter, source: Path) -> list[ImportedEntry]:
    found = [one for one in importer.read(source) if isinstance(one, ImportedEntry)]
    assert importer.count(source) == len(found)
    return found


def test_notes_are_read_without_hidden_ones_and_links(vault: Path) -> None:
    assert MarkdownImporter().recognises(vault)
    undated, call = entries(MarkdownImporter(), vault)
    assert (undated.title, undated.at) == ("undated", "2024-02-29T22:30:00.000000Z")
    assert undated.remarks == ("It names no date, so it has that of its file.",)
    assert (call.where, call.journal) == ("Work/2024/Calls/2024-02-29.md", "Work")
    (picture,) = call.media
    with picture.open() as file:
        assert file.read() == png(seed=1)


def test_IMP_1_nothing_outside_the_folder_is_read(vault: Path) -> None:
    call = entries(MarkdownImporter(), vault)[1]
    assert [one.name for one in call.media] == ["row.png"]
    assert len([one for one in call.remarks if "secret.png" in one]) == 2


def test_a_file_that_becomes_a_link_is_not_followed(vault: Path) -> None:
    folder = Folder(vault)
    (vault / "undated.md").unlink()
    (vault / "undated.md").symlink_to(vault.parent / "outside" / "secret.png")
    with pytest.raises(BadRequest, match="cannot be read"):
        folder.open("undated.md")
    for name in ("../outside/secret.png", "2024-01-04.md", ".obsidian/2024-01-02.md"):
        with pytest.raises(BadRequest, match="no file"):
            folder.open(name)


def test_folders_become_tags_for_whoever_asks(vault: Path) -> None:
    undated, call = entries(MarkdownTagsImporter(), vault)
    assert (call.tags, call.journal) == (("calls", "Work", "Calls"), None)
    assert undated.tags == ()


def test_a_pipe_is_no_note(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "2024-01-01.md")
    assert not Folder(tmp_path).members


def test_a_name_in_another_encoding_than_utf_8_loses_no_note(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / os.fsdecode(b"2024-02-29 th\xe9.md")).write_text("Tea")
    (folder / "2024-03-01.md").write_text("Milk")
    tea, milk = entries(MarkdownImporter(), tmp_path)
    assert (milk.content, tea.content) == ("Milk", "Tea")
    assert tea.title == "2024-02-29 th\\xe9"
    assert tea.where == "2024-02-29 th\\xe9.md"
