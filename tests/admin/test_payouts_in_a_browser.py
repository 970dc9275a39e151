"""A bookkeeper and a payout, in a real browser: uploaded, asked once, and explained to the cent."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from connectors.models import Connection
from hub.books.payouts.rounds import advance_due
from tests.admin.test_in_a_browser import browser, keep, page
from tests.books.payouts import files
from tests.books.payouts.conftest import Sell, books, sell

__all__ = ["books", "browser", "page", "sell"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_payout_is_explained_to_the_cent(page: Page, books: Connection, sell: Sell, tmp_path: Path) -> None:
    sell("1001", "1080.00", "p1")
    sell("1002", "12.50", who="Ada Okafor <ada@example.org>")
    march = tmp_path / "square-march.csv"
    march.write_text(files.SQUARE)
    page.goto("/admin/")
    page.get_by_role("link", name="Payouts").click()
    keep(page, "payouts-empty")
    page.get_by_role("link", name="Upload a payout file").click()
    page.get_by_label("Payout file").set_input_files(march)
    keep(page, "payout-upload")
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_text("No column tells the currency")).to_be_visible()
    keep(page, "payout-asks")
    page.locator("#id_currency").fill("USD")
    page.get_by_role("button", name="Take it in").click()
    keep(page, "payout-running")
    while advance_due():
        pass
    expect(page.get_by_role("heading", name="Taken in")).to_be_visible(timeout=15_000)
    keep(page, "payout-done")
    page.get_by_role("link", name="d1").click()
    expect(page.get_by_role("heading", name="1 row to explain, worth 10.80 USD")).to_be_visible()
    keep(page, "deposit-open")
    page.get_by_placeholder("such as: reserve held back").fill("Goodwill, credited by hand")
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_role("heading", name="Explained to the cent")).to_be_visible()
    keep(page, "deposit-explained")
    page.get_by_role("link", name="Orders").first.click()
    expect(page.get_by_text("1,080.00 USD").first).to_be_visible()
    keep(page, "deposit-rows")
    page.get_by_role("link", name="Payouts").click()
    keep(page, "deposits")


def test_a_bad_file_says_what_is_wrong(page: Page, books: Connection, tmp_path: Path) -> None:
    bad = tmp_path / "stripe.csv"
    bad.write_text(files.STRIPE.replace("48.25", "48.26").replace("2026-03-04 09", "yesterday"))
    page.goto("/admin/hub/payoutfile/new/")
    page.get_by_label("Payout file").set_input_files(bad)
    page.get_by_role("button", name="Upload", exact=True).click()
    while advance_due():
        pass
    expect(page.get_by_role("heading", name="nothing of it was taken in")).to_be_visible(timeout=15_000)
    keep(page, "payout-refused")


def test_a_file_that_was_read_wrongly_is_taken_back_and_uploaded_again(
    page: Page, books: Connection, sell: Sell, tmp_path: Path
) -> None:
    sell("1001", "100.00", "ch_1")
    march = tmp_path / "stripe-march.csv"
    march.write_text(files.STRIPE)
    page.goto("/admin/hub/payoutfile/new/")
    page.get_by_label("Payout file").set_input_files(march)
    page.get_by_role("button", name="Upload", exact=True).click()
    while advance_due():
        pass
    page.get_by_role("link", name="Take back this file…").click(timeout=15_000)
    expect(page.get_by_text("4 rows, matched to 1 document of the books")).to_be_visible()
    keep(page, "payout-take-back")
    page.get_by_label("Why is it taken back?").fill("the amounts are US dollars, not euros")
    page.get_by_role("button", name="Take back this file").click()
    expect(page.get_by_role("heading", name="Taken back")).to_be_visible()
    keep(page, "payout-taken-back")
    page.get_by_role("link", name="Upload another file…").click()
    page.get_by_label("Payout file").set_input_files(march)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("heading", name="Look at how it is read")).to_be_visible()
    keep(page, "payout-asked-anew")
