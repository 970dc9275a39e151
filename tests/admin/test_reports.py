"""Reports in the admin: looked at, downloaded, and refused in words where they cannot be."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from hub.books.reports.catalogue import REPORTS
from hub.models import Flow, SyncRecord
from tests.admin import town
from tests.admin.conftest import LogIn

MARCH = {"start": "2026-03-01", "end": "2026-03-31"}


@pytest.fixture
def north(db: None) -> Flow:
    return town.month_of_trade()


def content_of(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content_of(response).decode("utf-8-sig"), newline="")))


def get(client: Client, slug: str, ending: str, **asked: str) -> Any:
    return client.get(reverse("reports_file", args=[slug, ending]), MARCH | asked)


def test_the_page_offers_every_report_over_this_month(log_in: LogIn, north: Flow) -> None:
    with travel(dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC), tick=False):
        text = log_in("Viewer").get(reverse("reports")).content.decode()
    assert 'value="2026-03-01"' in text and 'value="2026-03-31"' in text and 'value="2026-02"' in text
    for report in REPORTS:
        assert report.title in text
        assert reverse("reports_file", args=[report.slug, "csv"]) in text


@pytest.mark.parametrize("slug", [report.slug for report in REPORTS])
def test_a_report_is_looked_at_and_downloaded_with_the_same_columns(log_in: LogIn, north: Flow, slug: str) -> None:
    client, report = log_in("Bookkeeper"), next(one for one in REPORTS if one.slug == slug)
    shown = client.get(reverse("reports_look", args=[slug]), MARCH)
    assert shown.status_code == 200 and report.sentence in unescape(shown.content.decode())
    file = get(client, slug, "csv", books="books")
    assert file["Content-Disposition"] == f'attachment; filename="{slug}_books_2026-03.csv"'
    head = content_of(file).decode("utf-8-sig").split("\r\n")[0]
    book = openpyxl.load_workbook(io.BytesIO(content_of(get(client, slug, "xlsx"))))
    names = [column.name for column in report.columns]
    assert head.split(",") == [cell.value for cell in book.active[1]] == names


def test_records_say_what_became_of_each(log_in: LogIn, north: Flow) -> None:
    rows = rows_of(get(log_in(), "records", "csv", flow="north-orders"))
    assert len(rows) == SyncRecord.objects.count()
    [held] = [row for row in rows if row["number"] == "100000003"]
    assert (held["state"], held["reason"], held["total"], held["booked"]) == ("held", "no_email", "64.80", "")


def test_a_customer_called_like_a_formula_stays_text_from_the_store_to_the_file(log_in: LogIn, north: Flow) -> None:
    SyncRecord.objects.filter(number="100000003").update(who="=cmd()")
    client = log_in()
    [row] = [row for row in rows_of(get(client, "records", "csv")) if row["number"] == "100000003"]
    assert row["customer"] == "'=cmd()"
    book = openpyxl.load_workbook(io.BytesIO(content_of(get(client, "records", "xlsx"))))
    [cell] = [cell for cell in book.active["G"] if cell.value == "=cmd()"]
    assert cell.data_type == "s"


def test_a_name_is_shown_as_text_and_not_as_a_page_of_its_own(log_in: LogIn, north: Flow) -> None:
    SyncRecord.objects.filter(number="100000003").update(who="<script>alert(1)</script>")
    text = log_in().get(reverse("reports_look", args=["records"]), MARCH).content.decode()
    assert "<script>alert(1)" not in text and "&lt;script&gt;alert(1)" in text


def test_the_browser_shows_the_first_rows_and_says_so(
    log_in: LogIn, north: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.admin.reports.SHOWN", 3)
    text = log_in().get(reverse("reports_look", args=["records"]), MARCH).content.decode()
    assert "The first 3 rows" in text and "the files hold all of them" in text
    assert text.count("<tr>") == 1 + 3


def test_days_without_trade_are_said_to_be_empty(log_in: LogIn, north: Flow) -> None:
    asked = {"start": "2020-01-01", "end": "2020-01-31"}
    text = log_in().get(reverse("reports_look", args=["records"]), asked).content.decode()
    assert "There is nothing to report for these days" in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"start": "2026-03-31", "end": "2026-03-01"}, "2026-03-01 is before 2026-03-31. Swap the two days."),
        ({"start": "soon", "end": "2026-03-01"}, "Enter a valid date."),
        ({"start": "2026-03-01"}, "This field is required."),
        (MARCH | {"books": "other"}, "other is not one of the available choices"),
        (MARCH | {"flow": "\x00"}, "is not one of the available choices"),
    ],
)
@pytest.mark.parametrize("page", ["look", "csv", "xlsx"])
def test_what_cannot_be_reported_is_said_beside_its_field(
    log_in: LogIn, north: Flow, asked: dict[str, str], said: str, page: str
) -> None:
    place = (
        reverse("reports_look", args=["records"]) if page == "look" else reverse("reports_file", args=["records", page])
    )
    response = log_in().get(place, asked)
    assert response.status_code == 400 and said in response.content.decode()


def test_a_flow_into_other_books_is_refused_in_words(log_in: LogIn, north: Flow) -> None:
    town.books("second-books")
    response = get(log_in(), "records", "csv", books="second-books", flow="north-orders")
    assert response.status_code == 400
    assert "The flow north-orders posts into books, not into second-books. Choose one of the two." in (
        response.content.decode()
    )


def test_a_report_that_there_is_not_is_not_found(log_in: LogIn, north: Flow) -> None:
    assert get(log_in(), "nonsense", "csv").status_code == 404
    assert get(log_in("Viewer"), "records", "exe").status_code == 404


def test_the_pack_of_a_month_is_downloaded(log_in: LogIn, north: Flow) -> None:
    response = log_in("Bookkeeper").get(reverse("reports_pack"), {"books": "books", "month": "2026-03"})
    assert response["Content-Disposition"] == 'attachment; filename="month-end_books_2026-03.zip"'
    with zipfile.ZipFile(io.BytesIO(content_of(response))) as pack:
        manifest = json.loads(pack.read("manifest.json"))
    assert manifest["made_by"] == "somebody-bookkeeper" and manifest["agree"] is False


@pytest.mark.parametrize("asked", [{"books": "books", "month": "2026-13"}, {"month": "2026-03"}, {}])
def test_a_pack_that_cannot_be_is_refused_in_words(log_in: LogIn, north: Flow, asked: dict[str, str]) -> None:
    response = log_in().get(reverse("reports_pack"), asked)
    text = response.content.decode()
    assert response.status_code == 400
    assert "This is no month. Write it as 2026-03." in text or "This field is required." in text


def test_who_may_not_export_sees_neither_the_pages_nor_the_entry(log_in: LogIn, north: Flow) -> None:
    client = log_in("Mapping editor")
    assert reverse("reports") not in client.get(reverse("admin:index")).content.decode()
    for place in (reverse("reports"), reverse("reports_look", args=["records"]), reverse("reports_pack")):
        assert client.get(place, MARCH).status_code == 403
    assert get(client, "records", "csv").status_code == 403
    assert Client().get(reverse("reports")).status_code == 302
    assert reverse("reports") in log_in("Viewer").get(reverse("admin:index")).content.decode()


def test_nothing_is_offered_before_there_are_books(log_in: LogIn) -> None:
    text = log_in().get(reverse("reports")).content.decode()
    assert "There are no books yet" in text
