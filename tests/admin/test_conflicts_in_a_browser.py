"""A bookkeeper decides a conflict in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from hub.models import Conflict
from tests.admin.test_conflicts import INBOX, conflict
from tests.admin.test_in_a_browser import browser, keep, page

__all__ = ["INBOX", "browser", "conflict", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_conflict_is_seen_and_decided(page: Page, conflict: Conflict) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Conflicts").first.click()
    expect(page.get_by_role("heading", name="Billing address of Ada Okafor")).to_be_visible()
    keep(page, "conflicts")
    page.get_by_role("button", name="Keep this value").nth(1).click()
    expect(page.get_by_text("Decided. Both sides will hold this value in a moment.")).to_be_visible()
    expect(page.get_by_text("Chosen; on its way to the other side.")).to_be_visible()
    keep(page, "conflicts-decided")
    conflict.refresh_from_db()
    assert conflict.kept == "target"
