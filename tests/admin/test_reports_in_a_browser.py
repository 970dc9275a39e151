"""A bookkeeper takes the month's files home, in a real browser."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.admin import town
from tests.admin.test_in_a_browser import browser, keep, page

__all__ = ["browser", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_bookkeeper_looks_at_a_report_and_downloads_it_and_the_pack(page: Page) -> None:
    town.month_of_trade()
    page.goto("/admin/")
    page.get_by_role("link", name="Reports").click()
    expect(page.get_by_role("heading", name="Month-end pack")).to_be_visible()
    page.get_by_label("First day").fill("2026-03-01")
    page.get_by_label("Last day").fill("2026-03-31")
    keep(page, "reports")
    page.get_by_role("button", name="Look at Records").click()
    expect(page.get_by_role("cell", name="100000024")).to_be_visible()
    keep(page, "report")
    with page.expect_download() as records:
        page.get_by_role("link", name="CSV").click()
    assert records.value.suggested_filename == "records_2026-03.csv"
    text = Path(records.value.path()).read_text("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == 13
    page.get_by_role("link", name="All reports").click()
    expect(page.get_by_label("First day")).to_have_value("2026-03-01")
    page.locator("[name=month]").fill("2026-03")
    with page.expect_download() as pack:
        page.get_by_role("button", name="Download the pack").click()
    assert pack.value.suggested_filename == "month-end_books_2026-03.zip"
    assert zipfile.ZipFile(pack.value.path()).testzip() is None


def test_days_in_the_wrong_order_are_said_so_on_the_page(page: Page) -> None:
    town.month_of_trade()
    page.goto("/admin/reports/?start=2026-03-31&end=2026-03-01")
    page.get_by_role("button", name="Tax by name and rate as CSV").click()
    expect(page.get_by_text("2026-03-01 is before 2026-03-31. Swap the two days.")).to_be_visible()
    keep(page, "reports-refused")
    page.set_viewport_size({"width": 390, "height": 844})
    keep(page, "reports-phone")
