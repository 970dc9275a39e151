"""A backfill in a real browser: the page moves by itself while a worker works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from hub.intake.backfill import turns
from hub.intake.backfill.rounds import advance_due
from tests.admin.test_in_a_browser import browser, keep, page
from tests.hub.history import history
from tests.hub.world import World, kinds, open_world

__all__ = ["browser", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    world = open_world(kinds("store")[0], kinds("books")[0])
    yield world
    world.store.close()
    world.books.close()


def test_history_is_looked_at_then_brought_in(world: World, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    world.target.lock_date = dt.date(2026, 1, 31)
    world.target.save()
    history(world, orders=6)
    world.store.trade(orders=0, seed=2, day="2026-02-11", bad=True)
    page.goto(f"/admin/hub/flow/{world.flow.pk}/change/")
    page.get_by_role("link", name="Backfill…").click()
    page.get_by_label("First day").fill("2026-01-01")
    page.get_by_label("Last day").fill("2026-03-31")
    page.get_by_label("Why").fill("The first quarter, before we had the hub")
    keep(page, "backfill-form")
    page.get_by_role("button", name="Show what would come of it").click()
    expect(page.get_by_role("heading", name="Looking at what would come of it")).to_be_visible()
    advance_due(seconds=0)  # one order
    expect(page.get_by_text("1 order read so far")).to_be_visible(timeout=15_000)
    keep(page, "backfill-looking")
    world.work()
    expect(page.get_by_role("heading", name="orders would be posted")).to_be_visible(timeout=15_000)
    keep(page, "backfill-preview")
    page.get_by_role("button", name="Start the backfill").click()
    monkeypatch.setattr(turns, "ROOM", 10)
    advance_due()
    expect(page.get_by_text("10 orders brought in")).to_be_visible(timeout=15_000)
    keep(page, "backfill-running")
    page.get_by_role("button", name="Pause").click()
    keep(page, "backfill-paused")
    page.get_by_role("button", name="Resume").click()
    world.work()
    expect(page.get_by_role("heading", name="Done")).to_be_visible(timeout=15_000)
    keep(page, "backfill-done")
    page.goto("/admin/hub/backfill/")
    keep(page, "backfill-list")
