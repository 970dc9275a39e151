"""Files are read back by those who did not write them, with the columns that were promised."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.books.reports import columns as kinds
from hub.books.reports import csv_file, xlsx_file
from hub.books.reports.catalogue import REPORTS
from hub.books.reports.columns import Row
from hub.books.reports.described import described
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope

MARCH = Scope(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
COLUMNS = (
    kinds.date("date", ""),
    kinds.text("customer", ""),
    kinds.text("currency", ""),
    kinds.money("total", ""),
    kinds.percent("rate", ""),
    kinds.count("orders", ""),
    kinds.moment("settled_at", ""),
)
NAMES = [column.name for column in COLUMNS]
SETTLED = dt.datetime(2026, 3, 14, 16, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=1)))
ROWS: list[Row] = [
    (dt.date(2026, 3, 14), "Åsa Öberg, Ltd", "EUR", Decimal("1234.5"), Decimal("19"), 3, SETTLED),
    (dt.date(2026, 3, 15), '=cmd|"/c calc"!A1', "JPY", Decimal("-1250"), None, 1, None),
    (dt.date(2026, 3, 16), "two\nlines\x07", "KWD", Decimal("0.125"), Decimal("7.125"), 0, SETTLED),
    (dt.date(2026, 3, 17), "", "EUR", None, Decimal("0"), 12345, SETTLED),
]
FORMULAS = ("=cmd()", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")')


def report(rows: list[Row]) -> Report:
    def read(scope: Scope) -> Iterator[Row]:
        yield from rows

    return Report("ours", "A report: with a title", "It says so.", COLUMNS, read)


def csv_of(rows: list[Row]) -> bytes:
    one = report(rows)
    return b"".join(csv_file.written(one.columns, one.rows(MARCH)))


def csv_back(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def xlsx_of(rows: list[Row], **options: int) -> io.BytesIO:
    file, one = io.BytesIO(), report(rows)
    xlsx_file.write(one.title, one.columns, one.rows(MARCH), file, **options)
    file.seek(0)
    return file


def test_csv_is_read_back_with_its_columns_and_values() -> None:
    rows = csv_back(csv_of(ROWS))
    assert list(rows[0]) == NAMES
    assert rows[0] == {
        "date": "2026-03-14", "customer": "Åsa Öberg, Ltd", "currency": "EUR", "total": "1234.50", "rate": "19",
        "orders": "3", "settled_at": "2026-03-14 16:05:09",
    }  # fmt: skip
    assert [row["total"] for row in rows] == ["1234.50", "-1250", "0.125", ""]
    assert rows[2]["customer"] == "two\nlines\x07"


def test_csv_begins_with_the_mark_that_excel_needs_and_ends_its_lines_as_the_standard_says() -> None:
    content = csv_of(ROWS)
    assert content.startswith(b"\xef\xbb\xbfdate,customer,") and content.endswith(b"\r\n")


def test_xlsx_is_read_back_with_typed_cells() -> None:
    sheet = openpyxl.load_workbook(xlsx_of(ROWS)).active
    head, *rows = sheet.iter_rows()
    assert [cell.value for cell in head] == NAMES
    first = rows[0]
    assert [cell.value for cell in first] == [
        dt.datetime(2026, 3, 14), "Åsa Öberg, Ltd", "EUR", 1234.5, 19, 3, dt.datetime(2026, 3, 14, 16, 5, 9),
    ]  # fmt: skip
    assert [cell.data_type for cell in first] == ["d", "s", "s", "n", "n", "n", "d"]
    assert [row[3].number_format for row in rows[:3]] == ["#,##0.00", "#,##0", "#,##0.000"]
    assert rows[0][0].is_date and rows[0][6].number_format == "yyyy-mm-dd h:mm:ss"
    assert rows[2][1].value == "two\nlines\ufffd"
    assert [cell.value for cell in rows[3]][1:5] == [None, "EUR", None, 0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G5")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_customer_who_is_a_formula_stays_text(formula: str) -> None:
    rows: list[Row] = [(dt.date(2026, 3, 14), formula, "EUR", Decimal("-1"), None, -3, None)]
    [row] = csv_back(csv_of(rows))
    assert row["customer"] == f"'{formula}"
    assert (row["total"], row["orders"]) == ("-1.00", "-3"), "numbers are numbers"
    cell = openpyxl.load_workbook(xlsx_of(rows)).active["B2"]
    assert cell.data_type == "s" and cell.value.strip() == formula.strip()


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40), st.decimals(-(10**9), 10**9, places=4))
def test_whatever_is_written_comes_back_and_no_text_is_a_formula(name: str, total: Decimal) -> None:
    [row] = csv_back(csv_of([(dt.date(2026, 3, 14), name, "EUR", total, None, 0, None)]))
    assert csv_file.taken_back(row["customer"]) == name
    assert not row["customer"].startswith(csv_file.RISKY)
    assert Decimal(row["total"]) == total


def test_a_full_sheet_is_followed_by_another_with_the_same_head() -> None:
    rows: list[Row] = [(dt.date(2026, 3, 14), f"c{n}", "EUR", Decimal(n), None, n, None) for n in range(7)]
    book = openpyxl.load_workbook(xlsx_of(rows, sheet_rows=4))
    assert book.sheetnames == ["A report  with a title", "A report  with a title (2)", "A report  with a title (3)"]
    assert [[cell.value for cell in sheet["F"]] for sheet in book] == [
        ["orders", 0, 1, 2], ["orders", 3, 4, 5], ["orders", 6],
    ]  # fmt: skip


def test_a_sheet_holds_what_excel_can_hold() -> None:
    assert xlsx_file.SHEET_ROWS == 2**20


def test_the_same_rows_make_the_same_workbook() -> None:
    first, again = xlsx_of(ROWS).getvalue(), xlsx_of(ROWS).getvalue()
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        assert {one.date_time for one in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_export_that_fails_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def breaking(scope: Scope) -> Iterator[Row]:
        yield ROWS[0]
        raise ConnectionError("the database went away")

    one = Report("ours", "Ours", "", COLUMNS, breaking)
    with pytest.raises(ConnectionError):
        xlsx_file.write(one.title, one.columns, one.rows(MARCH), io.BytesIO())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not shutil.which("soffice"), reason="there is no LibreOffice here")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_libreoffice_reads_the_same(tmp_path: Path, ending: str) -> None:
    written = tmp_path / f"ours.{ending}"
    written.write_bytes(csv_of(ROWS) if ending == "csv" else xlsx_of(ROWS).getvalue())
    command = ["soffice", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir"]
    subprocess.run([*command, str(tmp_path / "out"), str(written)], check=True, timeout=120)
    rows = csv_back((tmp_path / "out" / "ours.csv").read_bytes())
    assert list(rows[0]) == NAMES
    assert rows[0]["customer"] == "Åsa Öberg, Ltd"
    assert rows[1]["customer"].removeprefix("'") == ROWS[1][1]


def test_the_documented_columns_are_those_that_are_declared() -> None:
    written = Path(__file__).resolve().parents[3] / "docs" / "reports.md"
    assert written.read_text() == described(), "write it anew: manage.py report --describe > docs/reports.md"


def test_slugs_and_columns_are_names_that_a_program_can_use() -> None:
    assert len({one.slug for one in REPORTS}) == len(REPORTS)
    for one in REPORTS:
        names = [column.name for column in one.columns]
        assert len(set(names)) == len(names)
        assert all(name.isidentifier() and name == name.lower() for name in names)
        assert all(column.description.endswith(".") for column in one.columns)
        moneys = [column for column in one.columns if column.kind == kinds.Kind.MONEY]
        assert not moneys or kinds.CURRENCY in names, f"{one.slug} has amounts without a currency"
