"""The month-end pack proves itself: every sum in it is that of what is in it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hub import VERSION
from hub.books.reports import asking, pack
from hub.books.reports.catalogue import REPORTS
from hub.books.reports.columns import Kind
from hub.models import Flow, SyncRecord
from tests.admin import town

NOON = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def north(db: None) -> Flow:
    return town.month_of_trade()


def packed(by: str = "ada", at: dt.datetime = NOON) -> zipfile.ZipFile:
    file = io.BytesIO()
    pack.write(asking.month("books", dt.date(2026, 3, 1)), file, pack.Making(by, at))
    return zipfile.ZipFile(file)


def manifest_of(found: zipfile.ZipFile) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(found.read("manifest.json"))
    return told


def test_every_sum_is_that_of_its_file(north: Flow) -> None:
    found = packed()
    told = {one["name"]: one for one in manifest_of(found)["files"]}
    assert set(found.namelist()) == {*told, "manifest.json", "SHA256SUMS"}
    for name, one in told.items():
        content = found.read(name)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (one["sha256"], one["bytes"]), name


def test_sha256sum_finds_every_file_as_it_was(north: Flow, tmp_path: Path) -> None:
    packed().extractall(tmp_path)
    subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL
    )


def test_every_report_is_there_twice_with_the_rows_and_sums_that_the_manifest_tells(north: Flow) -> None:
    found = packed()
    told = {one["name"]: one for one in manifest_of(found)["files"]}
    for report in REPORTS:
        name = f"{report.slug}_books_2026-03"
        rows = list(csv.DictReader(io.StringIO(found.read(f"{name}.csv").decode("utf-8-sig"), newline="")))
        book = openpyxl.load_workbook(io.BytesIO(found.read(f"{name}.xlsx")))
        about = told[f"{name}.csv"]
        assert about["rows"] == len(rows) == book.active.max_row - 1
        assert about["sums"] == told[f"{name}.xlsx"]["sums"]
        for column in (one for one in report.columns if one.kind == Kind.MONEY):
            for currency, total in about["sums"][column.name].items():
                mine = [Decimal(row[column.name] or 0) for row in rows if row["currency"] == currency]
                assert sum(mine) == Decimal(total), (report.slug, column.name)


def test_the_manifest_says_who_made_it_when_of_what_and_whether_the_books_agreed(north: Flow) -> None:
    told = manifest_of(packed())
    assert (told["made_by"], told["made_at"], told["version"]) == ("ada", "2026-04-01T12:00:00+00:00", VERSION)
    assert (told["books"], told["from"], told["to"], told["agree"]) == ("books", "2026-03-01", "2026-03-31", False)
    SyncRecord.objects.exclude(state="posted").delete()
    assert manifest_of(packed())["agree"] is True


def test_the_same_data_makes_the_same_pack_but_for_who_made_it_and_when(north: Flow) -> None:
    first, again = packed(), packed(by="bo", at=NOON + dt.timedelta(days=1))
    assert {name for name in first.namelist() if first.read(name) != again.read(name)} == {"manifest.json"}
    ours, theirs = manifest_of(first), manifest_of(again)
    assert {name for name in ours if ours[name] != theirs[name]} == {"made_at", "made_by"}
    assert {one.date_time for one in first.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_readme_names_every_report_in_plain_words(north: Flow) -> None:
    text = packed().read("README.txt").decode()
    for report in REPORTS:
        assert f"{report.slug}_books_2026-03.csv" in text and report.sentence in text
    assert "records_books_2026-03.csv (13 rows)" in text


def test_other_books_are_not_in_it(north: Flow) -> None:
    other = town.books("second-books")
    town.record(town.flow(north.source, other, "other-orders", invoice_prefix="O-"), 90, "held", **town.NO_EMAIL)
    [about] = [one for one in manifest_of(packed())["files"] if one["name"] == "records_books_2026-03.csv"]
    assert about["rows"] == 13


def test_the_version_is_that_of_the_project() -> None:
    text = (Path(__file__).resolve().parents[3] / "pyproject.toml").read_text()
    assert f'\nversion = "{VERSION}"\n' in text
