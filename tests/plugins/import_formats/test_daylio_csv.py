from __future__ import annotations

from pathlib import Path

import pytest

from journiv.contracts.transfer import Importer
from journiv.domain.errors import BadRequest
from journiv.testing.transfer import ImporterConformance
from journiv_import_formats.daylio_csv import DaylioTableImporter
from tests.plugins.import_formats.golden import shown

HEADER = "full_date,date,weekday,time,mood,activities,note_title,note\n"
GOOD = (
    '2024-02-29,February 29,Thursday,23:30,rad,"reading | friends","Leap ""day""","<b>Up</b>,\n'
    'and so to bed"\n'
    '2024-03-01,"März, 1",Freitag,12:05 am,Calm,"","",""\n'
    '2024-03-02,x,y,1:54\u202fPM,meh,"a | a | b","","😀"\n'
)


class TestKit(ImporterConformance):
    @pytest.fixture
    def importer(self) -> Importer:
        return DaylioTableImporter()

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        return table(tmp_path, HEADER + GOOD)


def table(folder: Path, text: str) -> Path:
    path = folder / "daylio.csv"
    path.write_text(text, "utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("year,full_date,time,mood,activities,note", "2024,2024-02-29,12:00,meh,a,n"),
        ("full_date,date,weekday,time,mood,activities,scales,note_title,note",
         "2024-02-29,d,w,12:00,meh,a,s,t,n"),
        ("full_date\tdate\tweekday\ttime\tmood\tactivities\tnote",
         "2024-02-29\td\tw\t12:00\tmeh\ta\tn"),
    ],
)  # fmt: skip
def test_columns_are_found_by_their_names(tmp_path: Path, header: str, row: str) -> None:
    (record,) = shown(DaylioTableImporter(), table(tmp_path, f"{header}\r\n{row}\r\n"))
    assert (record["day"], record["mood"], record["tags"], record["content"]) == (
        "2024-02-29", "meh", ["a"], "n"
    )  # fmt: skip


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="Daylio"):
        list(DaylioTableImporter().read(table(tmp_path, "date,text\n2024-01-01,x\n")))
