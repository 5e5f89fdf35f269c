"""`journiv import` and `journiv export` as they are typed."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import pytest

from journiv.contracts.repositories.entries import Page
from journiv.contracts.storage import Store, Transaction
from journiv.domain.scope import UserScope
from journiv.testing.store.people import plant

Journiv = Callable[..., subprocess.CompletedProcess[str]]
AddUser = Callable[[str], Awaitable[UserScope]]
DiaryFile = Callable[..., Path]
EMAIL = "pepys@example.org"
GOOD = {"ref": "a", "date": "2024-02-29", "title": "First", "text": "Up betimes."}
HOW = ("--format", "ndjson", "--user", EMAIL, "--journal", "Diary")


def test_an_import_reports_and_a_second_one_adds_nothing(
    journiv: Journiv, user: UserScope, diary_file: DiaryFile
) -> None:
    path = diary_file(GOOD, {**GOOD, "ref": "b"})
    first, second = journiv("import", path, *HOW), journiv("import", path, *HOW)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == (
        "2 records read: 2 entries added (4 words), 0 were there already, 0 rejected.\n"
    )
    assert second.stdout == (
        "2 records read: 0 entries added (0 words), 2 were there already, 0 rejected.\n"
    )


def test_rejected_records_are_named_and_end_with_1(
    journiv: Journiv, user: UserScope, diary_file: DiaryFile
) -> None:
    path = diary_file("{broken", GOOD, {**GOOD, "text": "a\0"}, GOOD, {**GOOD, "ref": "b"})
    done = journiv("import", path, *HOW)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "line 1: is not JSON",
        "line 3: holds a NUL or a lone surrogate",
        "line 4: has a 'ref' that stands earlier in the file",
    ]
    assert done.stdout.endswith("2 entries added (4 words), 0 were there already, 3 rejected.\n")


def test_a_long_list_of_rejected_records_is_cut(
    journiv: Journiv, user: UserScope, diary_file: DiaryFile
) -> None:
    done = journiv("import", diary_file(*(["x"] * 25)), *HOW)
    assert len(done.stderr.splitlines()) == 21
    assert done.stderr.endswith("... and 5 more\n")


def test_an_unknown_mood_is_told_and_its_entry_comes_in(
    journiv: Journiv, user: UserScope, diary_file: DiaryFile
) -> None:
    done = journiv("import", diary_file({**GOOD, "mood": "Zestful"}), *HOW)
    assert done.returncode == 0
    assert done.stderr == (
        "warning: no such moods here, left out (--mood NAME=MOOD chooses one): Zestful\n"
    )


async def test_a_mood_of_the_file_can_be_given_one_of_here(
    journiv: Journiv, user: UserScope, store: Store, diary_file: DiaryFile
) -> None:
    await plant(store)
    path = diary_file({**GOOD, "mood": "Zestful"})
    for wrong in ("Zestful", "Zestful=Bliss"):
        done = journiv("import", path, *HOW, "--mood", wrong)
        assert (done.returncode, done.stdout) == (1, "")
    done = journiv("import", path, *HOW, "--mood", "zestful=calm")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unpacked_folder_is_imported(journiv: Journiv, user: UserScope, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "2024-02-29.md").write_text("Up betimes.")
    done = journiv("import", vault, "--format", "markdown", *HOW[2:])
    assert done.stdout.startswith("1 records read: 1 entries added (2 words)")


@pytest.mark.parametrize(
    ("format", "name", "text"),
    [
        ("jrnl", "diary.txt", "[2024-02-29 23:30] Up betimes.\n"),
        ("daylio", "diary.csv", "full_date,time,mood,note\n2024-02-29,10:00,good,Up betimes.\n"),
    ],
)
def test_a_format_goes_by_the_names_that_it_shares_with_others(
    journiv: Journiv, user: UserScope, tmp_path: Path, format: str, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    done = journiv("import", tmp_path / name, "--format", format, *HOW[2:], "--dry-run")
    assert done.stdout.startswith("1 records read: 1 entries would be added"), done.stderr


def test_a_dry_run_writes_nothing_not_even_the_journal(
    journiv: Journiv, user: UserScope, diary_file: DiaryFile
) -> None:
    path = diary_file(GOOD)
    done = journiv("import", path, *HOW, "--dry-run")
    assert done.stdout.startswith("1 records read: 1 entries would be added (2 words)")
    none = journiv("export", path.with_name("out"), "--format", "ndjson", "--user", EMAIL,
                   "--journal", "Diary")  # fmt: skip
    assert none.stderr == "journiv: There is no journal 'Diary'.\n"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (("--user", "nobody@example.org"), "There is no account with the address nobody@example"),
        (("--zone", "Mars/Olympus"), "There is no time zone 'Mars/Olympus'."),
        (("--format", "docx"), "There is no format 'docx'. There are: archive, "),
        (("--journal", " "), "A journal's name has 1 to 200 characters."),
        (("--journal", "x" * 201), "A journal's name has 1 to 200 characters."),
    ],
)
def test_a_wrong_argument_is_one_sentence(
    journiv: Journiv,
    user: UserScope,
    diary_file: DiaryFile,
    changed: tuple[str, str],
    sentence: str,
) -> None:
    done = journiv("import", diary_file(GOOD), *HOW, *changed)
    assert done.returncode == 1
    assert done.stderr.startswith(f"journiv: {sentence}")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("missing", None, "missing cannot be read: No such file or directory."),
        ("x.gz", b"\x1f\x8b", "x.gz is not a readable gzip file."),
    ],
)
def test_an_unreadable_file_is_one_sentence(
    journiv: Journiv,
    user: UserScope,
    tmp_path: Path,
    name: str,
    content: bytes | None,
    sentence: str,
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = journiv("import", path, *HOW)
    assert done.returncode == 1
    assert done.stderr.endswith(f"{sentence}\n")
    assert done.stderr.count("\n") == 1


def test_help_says_what_happens_to_times_doubles_and_errors(journiv: Journiv) -> None:
    text = journiv("import", "--help").stdout
    for word in ("12:00", "twice", "Exit codes", "--dry-run"):
        assert word in text


async def test_an_export_reads_back_as_the_same_diary_for_somebody_else(
    journiv: Journiv,
    store: Store,
    user: UserScope,
    add_user: AddUser,
    diary_file: DiaryFile,
    tmp_path: Path,
) -> None:
    other = await add_user("elizabeth@example.org")
    path = diary_file(
        {**GOOD, "zone": "Asia/Tokyo", "tags": ["office", "plague"], "location": "Deptford"},
        {**GOOD, "ref": "b", "at": "1660-01-11T23:59:59Z", "zone": "UTC", "pinned": True},
    )
    out = tmp_path / "out.ndjson.gz"
    to = ("--format", "ndjson", "--user")
    assert journiv("import", path, *HOW).returncode == 0
    assert journiv("export", out, *to, EMAIL).stdout == f"2 entries written to {out}.\n"
    assert out.stat().st_mode & 0o777 == 0o600
    done = journiv("import", out, *to, "elizabeth@example.org", "--journal", "Copy")
    assert done.returncode == 0
    assert await diary(store, user) == await diary(store, other)

    again = journiv("import", out, *HOW)
    assert "2 were there already" in again.stdout


async def diary(store: Store, scope: UserScope) -> list[tuple[object, ...]]:
    def read(tx: Transaction) -> list[tuple[object, ...]]:
        kept = ("title", "content", "entry_datetime_utc", "entry_timezone", "entry_date",
                "location", "is_pinned", "word_count")  # fmt: skip
        return [
            (
                *(entry[name] for name in kept),
                tuple(tag["name"] for tag in tx.tags.of_entry(entry["id"])),
            )
            for entry in tx.entries.page(Page())
        ]

    return await store.read(scope, read)


def test_an_export_never_overwrites(
    journiv: Journiv, user: UserScope, diary_file: DiaryFile
) -> None:
    path = diary_file(GOOD)
    before = path.read_bytes()
    done = journiv("export", path, "--format", "ndjson", "--user", EMAIL)
    assert done.returncode == 1
    assert done.stderr == f"journiv: {path} exists already.\n"
    assert path.read_bytes() == before


def test_an_export_to_nowhere_is_one_sentence(
    journiv: Journiv, user: UserScope, tmp_path: Path
) -> None:
    target = tmp_path / "no" / "such" / "folder"
    done = journiv("export", target, "--format", "ndjson", "--user", EMAIL)
    assert done.stderr == f"journiv: {target} cannot be written: No such file or directory.\n"


def test_an_export_of_one_journal_leaves_the_others_out(
    journiv: Journiv, user: UserScope, diary_file: DiaryFile, tmp_path: Path
) -> None:
    journiv("import", diary_file(GOOD), *HOW)
    journiv("import", diary_file({**GOOD, "ref": "b"}), *HOW[:-1], "Other")
    out = tmp_path / "out.ndjson"
    journiv("export", out, "--format", "ndjson", "--user", EMAIL, "--journal", "Other")
    assert len(out.read_bytes().splitlines()) == 1


def test_days_narrow_an_export_and_both_are_in_it(
    journiv: Journiv, user: UserScope, diary_file: DiaryFile, tmp_path: Path
) -> None:
    days = ("2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02")
    journiv("import", diary_file(*({**GOOD, "ref": day, "date": day} for day in days)), *HOW)

    def exported(name: str, *narrowed: str) -> list[str]:
        out = tmp_path / name
        how = ("--format", "ndjson", "--user", EMAIL)
        done = journiv("export", out, *how, *narrowed)
        assert (done.returncode, done.stderr) == (0, "")
        return sorted(orjson.loads(line)["ref"] for line in out.read_bytes().splitlines())

    assert len(exported("a", "--from", days[1], "--to", days[2])) == 2
    assert len(exported("b", "--from", days[3])) == 1
    assert len(exported("c", "--to", days[0], "--no-media", "--journal", "Diary")) == 1
    for wrong, sentence in (
        (("--from", "2024-02-30"), "'2024-02-30' is no day; write 2024-02-29."),
        (("--from", days[2], "--to", days[1]), "2024-03-01 comes after 2024-02-29."),
    ):
        how = ("--format", "ndjson", "--user", EMAIL, *wrong)
        done = journiv("export", tmp_path / "d", *how)
        assert done.returncode != 0
        assert done.stderr.rstrip().endswith(sentence)
        assert not (tmp_path / "d").exists()


def test_many_pages_are_exported_without_loss(
    journiv: Journiv, user: UserScope, diary_file: DiaryFile, tmp_path: Path
) -> None:
    records = [{**GOOD, "ref": f"r{number}", "text": f"entry {number}"} for number in range(450)]
    journiv("import", diary_file(*records), *HOW)
    out = tmp_path / "out.ndjson.gz"
    journiv("export", out, "--format", "ndjson", "--user", EMAIL)
    texts = {orjson.loads(line)["text"] for line in gzip.decompress(out.read_bytes()).splitlines()}
    assert texts == {record["text"] for record in records}


async def test_an_archive_is_written_and_restored(
    journiv: Journiv, user: UserScope, add_user: AddUser, diary_file: DiaryFile, tmp_path: Path
) -> None:
    await add_user("elizabeth@example.org")
    journiv("import", diary_file(GOOD, {**GOOD, "ref": "b"}), *HOW)
    path, how = tmp_path / "diary.zip", ("--format", "archive", "--user")
    done = journiv("export", path, *how, EMAIL)
    assert (done.returncode, done.stderr) == (0, "")
    for added, known in ((2, 0), (0, 2)):
        done = journiv("import", path, *how, "elizabeth@example.org")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (
            f"2 records read: {added} entries added ({2 * added} words), "
            f"{known} were there already, 0 rejected.\n"
        )
    done = journiv("import", path, "--format", "ndjson", "--user", EMAIL)
    assert done.returncode == 1
    assert done.stderr == "journiv: A journal's name has 1 to 200 characters.\n"
