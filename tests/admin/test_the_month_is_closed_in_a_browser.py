"""The story of a month's end: a bookkeeper sees that March does not agree, finds the four orders that are wrong for four
different reasons, mends them, sees it agree, closes March, and downloads its pack; all of it in a browser."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from hub.models import ClosedMonth, Discrepancy, SyncRecord
from hub.setup import ensure_groups
from tests.admin.test_in_a_browser import browser, keep, logged_in
from tests.books.test_discrepancies import change, invoice_of
from tests.hub.edited_orders import edit
from tests.hub.world import World, kinds, open_world

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MISTYPED = "fay@nakamura.example " * 15
"""Longer than the books take."""
PATIENCE = 10
"""Seconds: what is gone from the books is looked for twice."""


@pytest.fixture(params=["light", "dark"])
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, transactional_db: None
) -> Iterator[Page]:
    """A bookkeeper's; nobody is a superuser here."""
    ensure_groups()
    bea = User.objects.create_user("bea", password="pw", is_staff=True)
    bea.groups.add(Group.objects.get(name="Bookkeeper"))
    with logged_in(browser, live_server, request.param, "bea") as page:
        yield page


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    world = open_world(kinds("store")[0], kinds("books")[0])
    yield world
    world.store.close()
    world.books.close()


def it_is(world: World, day: int) -> None:
    """Noon of this day of March, by the store's own clock."""
    ahead = dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC) - world.store.shop.clock.server_time()
    world.store.switch["clock_skew"] += ahead.total_seconds()


def sold(world: World, lines: dict[str, int], **more: Any) -> dict[str, Any]:
    order: dict[str, Any] = world.place(kind="shipped_unpaid")
    edit(world, order, lines, **more)
    world.sync()
    return order


@pytest.fixture
def march(world: World) -> dict[str, str]:
    """Ordinary trade, and four orders that are wrong: each one's number, by what is wrong with it."""
    it_is(world, 2)
    world.store.trade(orders=6, seed=4, day="2026-03-09")
    world.sync()
    it_is(world, 11)
    paid, gone, edited = (sold(world, {"a": 100}) for _ in range(3))
    refused = sold(world, {"a": 80}, email=MISTYPED)
    it_is(world, 17)
    world.place(capture=world.number(paid))
    edit(world, edited, {"a": 100, "b": 30})
    world.sync()
    payment = SyncRecord.objects.get(number=world.number(paid)).postings.get(resource="payment")
    change(world, "payment", payment.remote_id, vis_state=1)
    change(world, "invoice", invoice_of(world, gone).remote_id, vis_state=1)
    named = {"refused": refused, "edited": edited, "unpaid": paid, "deleted": gone}
    return {name: world.number(order) for name, order in named.items()}


def test_march_is_mended_closed_and_packed_without_a_shell(world: World, march: dict[str, str], page: Page) -> None:
    it_does_not_agree(page)
    reconcile(world, page, "3 discrepancies")
    keep(page, "march-3-found")
    the_refused_one_is_fixed(world, page, march["refused"])
    the_edited_one_is_adjusted(world, page, march["edited"])
    the_payment_is_posted(world, page)
    the_deleted_one_takes_another_number(world, page, march["deleted"])
    open_month(page)
    expect(page.get_by_role("heading", name="The books agree for March 2026")).to_be_visible()
    reconcile(world, page, "Source, hub and books agree")
    keep(page, "march-10-reconciled")
    it_is_closed(page)
    the_pack_is_downloaded(page)
    numbers = [invoice["invoice_number"] for invoice in world.invoices]
    booked = SyncRecord.objects.filter(state="posted").count()
    assert len(set(numbers)) == len(numbers) == booked + 1, "the adjusting invoice, too"
    assert not Discrepancy.objects.filter(state__in=Discrepancy.UNSETTLED).exists()
    assert ClosedMonth.objects.get().closed_by == "bea"


def it_does_not_agree(page: Page) -> None:
    page.goto("/admin/?month=2026-03")
    expect(page.get_by_role("heading", name="The books do not agree for March 2026")).to_be_visible()
    keep(page, "march-1-home")
    open_month(page)
    expect(page.get_by_role("heading", name="March 2026 cannot be closed yet")).to_be_visible()
    expect(page.get_by_text("not reconciled yet")).to_be_visible()
    keep(page, "march-2-month")


def reconcile(world: World, page: Page, verdict: str) -> None:
    page.get_by_role("button", name="Reconcile March 2026").click()
    expect(page.get_by_text("read so far")).to_be_visible()
    world.work()
    expect(page.get_by_role("heading", name=verdict)).to_be_visible(timeout=15_000)


def the_refused_one_is_fixed(world: World, page: Page, number: str) -> None:
    beside(page, "Dead letters")
    keep(page, "march-4-dead-letters")
    page.get_by_role("link", name="Look at it and mend it there").click()
    page.get_by_label("Email").fill("fay@nakamura.example")
    keep(page, "march-5-refused")
    page.get_by_role("button", name="Fix here and replay").click()
    expect(page.get_by_text("is being replayed with your values")).to_be_visible()
    world.work()
    assert SyncRecord.objects.get(number=number).state == "posted"


def the_edited_one_is_adjusted(world: World, page: Page, number: str) -> None:
    beside(page, "Held")
    page.get_by_role("link", name=number).click()
    keep(page, "march-6-edited")
    page.get_by_role("button", name="Adjust").click()
    world.work()
    assert SyncRecord.objects.get(number=number).state == "posted"


def the_payment_is_posted(world: World, page: Page) -> None:
    open_discrepancy(page, "Payment missing")
    keep(page, "march-7-payment")
    page.get_by_role("button", name="Post what is missing").click()
    world.work(PATIENCE)
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", name="Closed: the sides agree")).to_be_visible()


def the_deleted_one_takes_another_number(world: World, page: Page, number: str) -> None:
    open_discrepancy(page, "Changed in the books")
    page.get_by_role("button", name="Post what is missing").click()
    world.work(PATIENCE)
    page.get_by_role("link", name=f"Order {number} in the hub").click()
    expect(page.get_by_text("somebody deleted it in the books").first).to_be_visible()
    page.get_by_label("Number to use instead").fill(f"{number}-B")
    keep(page, "march-8-deleted")
    page.get_by_role("button", name="Use another number").click()
    world.work(PATIENCE)
    open_discrepancy(page, "Changed in the books")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", name="Closed: the sides agree")).to_be_visible()
    keep(page, "march-9-mended")


def it_is_closed(page: Page) -> None:
    page.get_by_role("link", name="March 2026", exact=True).click()
    expect(page.get_by_text("store, hub and books agree")).to_be_visible()
    keep(page, "march-11-agrees")
    page.get_by_label("Note").fill("Bank statement compared")
    page.get_by_role("button", name="Close March 2026").click()
    expect(page.get_by_text("March 2026 is closed. What still comes")).to_be_visible()
    keep(page, "march-12-closed")


def the_pack_is_downloaded(page: Page) -> None:
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download the month-end pack").click()
    with zipfile.ZipFile(downloading.value.path()) as pack:
        manifest = json.loads(pack.read("manifest.json"))
        assert (manifest["agree"], manifest["made_by"], manifest["from"]) == (True, "bea", "2026-03-01")
        named = {one["name"]: one for one in manifest["files"]}
        assert {"reconciliation_books_2026-03.csv", "discrepancies_books_2026-03.xlsx"} < set(named)
        for name, one in named.items():
            assert hashlib.sha256(pack.read(name)).hexdigest() == one["sha256"], name
        compared = csv.DictReader(io.StringIO(pack.read("reconciliation_books_2026-03.csv").decode("utf-8-sig")))
        assert "agrees" in (results := {row["result"] for row in compared})
        assert results <= {"agrees", "skipped"}, "which kinds of orders there are is the store's"


def open_month(page: Page) -> None:
    """It opens on the month that is to be closed."""
    page.locator("#nav-sidebar-inner a[href='/admin/hub/closedmonth/month/']").click()


def beside(page: Page, title: str) -> None:
    page.locator("#nav-sidebar-inner a", has_text=title).click()


def open_discrepancy(page: Page, kind: str) -> None:
    """From the reconciliation that found it."""
    beside(page, "Reconciliation")
    page.locator("#result_list tbody a").first.click()
    page.get_by_role("link", name=kind).click()
    page.locator("#result_list tbody a").first.click()
