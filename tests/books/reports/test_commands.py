"""Reports and packs from the command line: whole files or none, and errors that say what to do."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from hub.books.reports.catalogue import REPORTS
from hub.models import Flow
from tests.admin import town

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.fixture
def north(db: None) -> Flow:
    return town.month_of_trade()


def said(*words: str) -> str:
    out = io.StringIO()
    call_command("report", *words, stdout=out)
    return out.getvalue()


def test_the_list_names_every_report() -> None:
    text = said("--list")
    assert [line.split()[0] for line in text.splitlines()] == [report.slug for report in REPORTS]


def test_without_a_file_csv_goes_to_the_terminal(north: Flow) -> None:
    rows = list(csv.DictReader(io.StringIO(said("records", *MARCH, "--flow", "north-orders"))))
    assert len(rows) == 13 and rows[0]["date"] == "2026-03-14"


def test_files_are_written_whole(north: Flow, tmp_path: Path) -> None:
    said("records", *MARCH, "--books", "books", "--csv", str(tmp_path / "r.csv"))
    said("records", *MARCH, "--xlsx", str(tmp_path / "r.xlsx"))
    call_command("pack", "books", "2026-03", str(tmp_path / "p.zip"))
    assert len((tmp_path / "r.csv").read_text("utf-8-sig").splitlines()) == 14
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").active.max_row == 14
    assert zipfile.ZipFile(tmp_path / "p.zip").testzip() is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.zip", "r.csv", "r.xlsx"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nonsense", *MARCH), "report: There is no report named 'nonsense'. There are: agreement-by-day, records"),
        (("records",), "Name the days: --from 2026-03-01 --to 2026-03-31"),
        (("records", "--from", "2026-03-31", "--to", "2026-03-01"), "end: 2026-03-01 is before 2026-03-31. Swap"),
        (("records", "--from", "soon", "--to", "2026-03-01"), "'soon' is no date; write it as 2026-03-31"),
        (
            ("records", *MARCH, "--books", "other"),
            "books: There is no books connection named 'other'. There are: books.",
        ),
        (
            ("records", *MARCH, "--flow", "other"),
            "flow: There is no flow with amounts named 'other'. There are: north-orders,",
        ),
        (("records", *MARCH, "--csv", "/nowhere/r.csv"), "No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_remedy(north: Flow, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError) as error:
        said(*words)
    assert sentence in str(error.value)


def test_a_month_that_is_none_is_refused(north: Flow, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="'2026-13' is no month; write it as 2026-03"):
        call_command("pack", "books", "2026-13", str(tmp_path / "p.zip"))
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_stays_where_a_report_cannot_be_written(
    north: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "r.csv"
    file.write_text("last month's")

    def breaks(*_: object) -> bytes:
        raise ConnectionError("the database went away")

    monkeypatch.setattr("hub.books.reports.csv_file._block", breaks)
    with pytest.raises(CommandError, match="the database went away"):
        said("records", *MARCH, "--csv", str(file))
    assert file.read_text() == "last month's" and len(list(tmp_path.iterdir())) == 1
