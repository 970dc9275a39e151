"""A tax and a rate that are missing, found and filled in by somebody who only has a browser."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from hub.models import PassedTax, Rate, RateSource, SyncRecord, TaxRow
from tests.admin import town
from tests.admin.test_in_a_browser import browser, keep, page

__all__ = ["browser", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_tax_that_passed_is_put_into_the_table(page: Page) -> None:
    flow = town.month_of_trade()
    for record in flow.records.filter(state="posted"):
        given = {"rate": Decimal(20), "country": "GB", "currency": "GBP", "tax": Decimal("9.80"), "net": Decimal(49)}
        PassedTax.objects.create(record=record, flow=flow, date=record.date, name="GB VAT", **given)
        PassedTax.objects.create(
            record=record, flow=flow, date=record.date, name="Eco levy", currency="GBP", tax=Decimal(1), net=Decimal(49)
        )
    page.goto("/admin/hub/taxrow/missing/?month=2026-03")
    expect(page.get_by_role("row", name="GB VAT")).to_contain_text("68.60 GBP")
    keep(page, "taxes-missing")
    page.get_by_role("row", name="GB VAT").get_by_role("link", name="Add to the table").click()
    keep(page, "tax-add")
    page.get_by_label("In the books").fill("VAT")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row", name="GB VAT")).to_contain_text("VAT")
    keep(page, "taxes")
    page.get_by_role("link", name="Not in the table").click()
    page.goto("/admin/hub/taxrow/missing/?month=2026-03")
    expect(page.get_by_role("row", name="Eco levy")).to_be_visible()
    expect(page.get_by_role("row", name="GB VAT")).not_to_be_visible()
    page.goto("/admin/hub/taxrow/missing/?month=2026-02")
    keep(page, "taxes-missing-none")


def test_what_is_held_for_a_tax_or_a_rate_is_mended_on_its_page(page: Page) -> None:
    flow = town.flow(town.store(), town.books())
    taxed = town.record(flow, 7, SyncRecord.State.HELD, **town.NO_TAX)
    page.goto(f"/admin/hub/syncrecord/{taxed.pk}/change/")
    page.get_by_label("In the books").fill("VAT")
    keep(page, "story-no-tax")
    page.get_by_role("button", name="Put it into the tax table").click()
    expect(page.get_by_text("It is in the tax table now.")).to_be_visible()
    assert TaxRow.objects.get().to == "VAT"
    foreign = town.record(flow, 8, SyncRecord.State.HELD, **town.NO_RATE)
    page.goto(f"/admin/hub/syncrecord/{foreign.pk}/change/")
    page.get_by_label("One GBP in USD").fill("1.27")
    page.get_by_label("Who says so").fill("Our bank")
    keep(page, "story-no-rate")
    page.get_by_role("button", name="Add the rate").click()
    expect(page.get_by_text("The rate is in the table now.")).to_be_visible()
    assert Rate.objects.get().date == dt.date(2026, 3, 14)


def test_the_rate_pages_look_as_they_should(page: Page) -> None:
    flow = town.flow(town.store(), town.books(), currency="convert", convert_to="USD")
    rate = Rate.objects.create(date=town.DAY, base="EUR", currency="USD", rate=Decimal("1.0837"), source="ECB")
    RateSource.objects.create(name="ECB", url="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml")
    record = town.posted(flow, 20)
    told = {"given": "GBP", "currency": "USD", "rate": "1.27", "source": "ECB", "date": "2026-03-02"}
    record.postings.filter(resource="invoice").update(rate=told)
    for name, address in {
        "rates": "/admin/hub/rate/",
        "rate": f"/admin/hub/rate/{rate.pk}/change/",
        "rates-import": "/admin/hub/rate/import/",
        "rate-sources": "/admin/hub/ratesource/",
        "rate-source-add": "/admin/hub/ratesource/add/",
        "story-converted": f"/admin/hub/syncrecord/{record.pk}/change/",
    }.items():
        page.goto(address)
        keep(page, name)
    page.goto(f"/admin/hub/flow/{flow.pk}/change/")
    for tab in ("Currency", "Tax"):
        page.locator(f"a:text-is('{tab}')").click()
        keep(page, f"flow-{tab.lower()}")
    expect(page.get_by_text("what passes is listed there", exact=False)).to_be_visible()
