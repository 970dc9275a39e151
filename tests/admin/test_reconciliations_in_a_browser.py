"""A reconciliation in a real browser: started, watched, a discrepancy looked at, mended and closed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from hub.engine import clock
from tests.admin.test_in_a_browser import browser, keep, page
from tests.books.days import DAY, booked, reconciled
from tests.books.hands import (
    LATER,
    TODAY,
    YESTERDAY,
    by_hand,
    change,
    dated_otherwise,
    invoice_of,
    invoiced,
    line,
    only,
)  # fmt: skip
from tests.hub.edited_orders import edit
from tests.hub.world import World, kinds, open_world

__all__ = ["browser", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    world = open_world(kinds("store")[0], kinds("books")[0])
    yield world
    world.store.close()
    world.books.close()


def test_what_differs_is_found_mended_and_closed(world: World, page: Page) -> None:
    world.store.trade(orders=6, seed=4, day=TODAY)
    world.sync()
    paid = booked(world, {"a": 100})
    world.place(capture=world.number(paid))
    world.sync()
    payment = world.flow.records.get(number=world.number(paid)).postings.get(resource="payment")
    change(world, "payment", payment.remote_id, vis_state=1)
    edited, open_order = booked(world, {"a": 50}), booked(world, {"a": 60})
    edit(world, edited, {"a": 75})
    world.place(capture=world.number(open_order))
    by_hand(world, invoice_of(world, open_order), "60.00")
    page.goto(f"/admin/hub/flow/{world.flow.pk}/change/")
    page.get_by_role("link", name="Reconcile…").click()
    page.get_by_label("First day").fill(YESTERDAY)
    page.get_by_label("Last day").fill(LATER)
    keep(page, "reconciliation-form")
    page.get_by_role("button", name="Reconcile").click()
    expect(page.get_by_text("read so far")).to_be_visible()
    keep(page, "reconciliation-running")
    world.work()
    expect(page.get_by_role("heading", name="2 discrepancies")).to_be_visible(timeout=15_000)
    keep(page, "reconciliation-found")
    page.get_by_role("link", name="Payment missing").click()
    keep(page, "discrepancies")
    page.get_by_role("link", name=payment.natural_key).click()
    keep(page, "discrepancy")
    page.get_by_role("button", name="Post what is missing").click()
    expect(page.get_by_role("heading", name="Being mended")).to_be_visible()
    world.work()
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", name="Closed: the sides agree")).to_be_visible()
    keep(page, "discrepancy-closed")
    page.get_by_role("link", name="Reconciliation").first.click()
    keep(page, "reconciliations")


def test_what_was_accepted_and_opens_again_tells_who_had_accepted_it_and_why(world: World, page: Page) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, lines=[line("90.00")])
    reconciled(world)
    address = f"/admin/hub/discrepancy/{only().pk}/change/"
    page.goto(address)
    page.get_by_text("Accept with a reason").first.click()
    page.get_by_label("Why").fill("a rebate by telephone")
    page.get_by_role("button", name="Accept with a reason").click()
    expect(page.get_by_role("heading", name="Accepted")).to_be_visible()
    change(world, "invoice", posting.remote_id, lines=[line("80.00")])
    reconciled(world)
    page.goto(address)
    expect(page.get_by_role("heading", name="Open")).to_be_visible()
    expect(page.get_by_text("“a rebate by telephone”")).to_be_visible()
    keep(page, "discrepancy-opened-again")


def test_an_order_from_before_the_flow_began_comes_in_when_a_person_says_so(world: World, page: Page) -> None:
    booked(world)
    world.source.poll_from = clock.now() + DAY
    world.source.save(update_fields=["poll_from"])
    order = world.place(kind="shipped_unpaid")
    reconciled(world)
    world.work()
    assert len(world.invoices) == 1
    page.goto(f"/admin/hub/discrepancy/{only().pk}/change/")
    expect(page.get_by_text("It is from before this flow began")).to_be_visible()
    keep(page, "discrepancy-from-before")
    page.get_by_role("button", name="Bring it in").click()
    world.work()
    assert [one["invoice_number"] for one in world.invoices][1:] == [world.number(order)]
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", name="Closed: the sides agree")).to_be_visible()


def test_an_invoice_on_another_day_is_put_back(world: World, page: Page) -> None:
    dated_otherwise(world, invoiced(world))
    reconciled(world)
    page.goto(f"/admin/hub/discrepancy/{only().pk}/change/")
    keep(page, "discrepancy-date")
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_role("heading", name="Being mended")).to_be_visible()
    world.work(patience=10)
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", name="Closed: the sides agree")).to_be_visible()
    page.get_by_role("link", name="in the hub").click()
    keep(page, "record-put-back")
    expect(page.get_by_text("had an invoice credited as it stood")).to_be_visible()


def test_too_much_payment_is_shown_with_what_to_do_in_the_books(world: World, page: Page) -> None:
    order = booked(world, {"a": 100})
    world.place(capture=world.number(order))
    world.sync()
    id = by_hand(world, invoice_of(world, order), "15.00")
    reconciled(world)
    page.goto(f"/admin/hub/discrepancy/{only().pk}/change/")
    keep(page, "discrepancy-payment-over")
    expect(page.get_by_text("delete or correct it there")).to_be_visible()
    expect(page.get_by_role("button", name="Read the order again")).to_have_count(0)
    expect(page.get_by_text(f"id {id}").first).to_be_visible()
    change(world, "payment", id, vis_state=1)
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", name="Closed: the sides agree")).to_be_visible()
