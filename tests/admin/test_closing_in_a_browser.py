"""A bookkeeper closes March in a real browser: it does not agree because of one order, which is skipped; and a refund
that the store tells of afterwards lands in April."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from hub.models import Posting, SyncRecord
from tests.admin.test_in_a_browser import browser, keep, page
from tests.hub.world import World, kinds, open_world

__all__ = ["browser", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """The last day of March; the books refuse one of its invoices."""
    world = open_world(kinds("store")[0], kinds("books")[0])
    world.fault(kind="status", method="POST", path="invoice", status=422)
    world.store.trade(orders=5, seed=5, day="2026-03-31", bad=True)
    world.sync()
    yield world
    world.store.close()
    world.books.close()


def paid_in_full() -> SyncRecord:
    """Of which nothing went back yet."""
    posted = SyncRecord.objects.filter(state="posted").exclude(postings__resource="credit_note")
    paid = Posting.objects.filter(resource="payment", record__in=posted)
    return next(one.record for one in paid if one.record and one.total == one.record.total)


def test_march_is_mended_closed_and_a_late_refund_lands_in_april(world: World, page: Page) -> None:
    page.goto("/admin/hub/closedmonth/month/")
    expect(page.get_by_role("heading", name="The books do not agree for March 2026")).to_be_visible()
    expect(page.get_by_role("heading", name="March 2026 cannot be closed yet")).to_be_visible()
    keep(page, "month-disagrees")
    page.get_by_label("failed: 1 for").first.click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.locator("#result_list tbody tr a").first.click()
    page.get_by_text("Skip with a reason").first.click()
    page.get_by_label("Why").last.fill("A test order of our own")
    page.get_by_role("button", name="Skip with a reason").click()
    expect(page.get_by_text("will be skipped, with your reason kept")).to_be_visible()
    world.work()
    page.goto("/admin/hub/closedmonth/month/")
    expect(page.get_by_role("heading", name="The books agree for March 2026")).to_be_visible()
    page.get_by_label("Note").fill("Bank statement compared")
    keep(page, "month-agrees")
    page.get_by_role("button", name="Close March 2026").click()
    expect(page.get_by_text("March 2026 is closed. What still comes")).to_be_visible()
    keep(page, "month-closed")
    refunded = paid_in_full()
    world.place(refund_too_much=refunded.number, created_at="2026-03-31 17:00:00")
    world.sync()
    credit = Posting.objects.get(record=refunded, resource="credit_note")
    assert (str(credit.business_date), str(credit.date)) == ("2026-03-31", "2026-04-01")
    page.goto("/admin/hub/closedmonth/month/?month=2026-03")
    expect(page.get_by_text("of March 2026 came late")).to_be_visible()
    keep(page, "month-late")
    page.get_by_role("link", name="Show", exact=True).first.click()
    expect(page.get_by_text("1 Apr 2026")).to_be_visible()
    keep(page, "late-arrivals")
    page.goto("/admin/hub/closedmonth/month/?month=2026-03")
    page.get_by_role("link", name="The figures it was closed on").click()
    keep(page, "closed-figures")
    page.goto("/admin/hub/closedmonth/")
    keep(page, "closed-months")
    page.goto("/admin/hub/closedmonth/month/?month=2026-03")
    page.locator("summary", has_text="Reopen March 2026").click()
    page.get_by_label("Why").fill("The refund belongs to March after all")
    page.get_by_role("button", name="Reopen March 2026").click()
    expect(page.get_by_text("March 2026 is open again")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    keep(page, "month-phone")
