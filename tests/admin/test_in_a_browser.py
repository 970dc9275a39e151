"""A bookkeeper's morning in a real browser; the pages are kept as pictures where ADMIN_SHOTS says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from hub.alerts import raise_alert
from hub.models import Alert, SyncRecord
from mappings.models import Mapping
from tests.admin import town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("there is no Chromium here")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    User.objects.create_superuser("boss", password="pw")
    with logged_in(browser, live_server, request.param, "boss") as page:
        yield page


@contextmanager
def logged_in(browser: Browser, live_server: LiveServer, scheme: Any, name: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    page.scheme = scheme  # type: ignore[attr-defined]
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("pw")
    page.get_by_role("button", name="Log in").click()
    yield page
    context.close()


def keep(page: Page, name: str) -> None:
    folder = os.environ.get("ADMIN_SHOTS")
    if folder:
        page.wait_for_timeout(300)
        page.screenshot(path=f"{folder}/{name}-{page.scheme}.png", full_page=True)  # type: ignore[attr-defined]


def test_a_first_time_user_is_led_to_the_first_step(page: Page) -> None:
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Three steps to your first invoice")).to_be_visible()
    keep(page, "empty")
    page.get_by_role("link", name="Start").first.click()
    expect(page.get_by_text("Which system do you want to connect?")).to_be_visible()
    keep(page, "choose")


def test_the_morning_of_a_bookkeeper(page: Page) -> None:
    town.month_of_trade()
    page.goto("/admin/?month=2026-03")
    expect(page.get_by_role("heading", name="The books do not agree")).to_be_visible()
    keep(page, "home")
    page.get_by_role("link", name="Mend them").click()
    expect(page.get_by_text("2 records worth")).to_be_visible()
    keep(page, "dead-letters")
    page.goto("/admin/hub/syncrecord/?state=held")
    keep(page, "records")
    page.get_by_role("link", name="100000003").click()
    page.get_by_label("Email").fill("dana@lindqvist.example")
    keep(page, "story-held")
    page.get_by_role("button", name="Fix here and replay").click()
    expect(page.get_by_text("is being replayed with your values")).to_be_visible()
    assert SyncRecord.objects.get(number="100000003").fixes == {"email": "dana@lindqvist.example"}


def test_what_the_hub_has_noticed_is_told_and_seen_to(page: Page) -> None:
    town.month_of_trade()
    for kind, (message, remedy) in town.ALERTS.items():
        raise_alert(kind, "north-store", message, remedy)
    page.goto("/admin/?month=2026-03")
    expect(page.get_by_text("north-store has been silent for 9 hours")).to_be_visible()
    keep(page, "alerts")
    page.set_viewport_size({"width": 390, "height": 844})
    keep(page, "alerts-phone")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="I have seen to it").nth(1).click()
    expect(page.get_by_text("It is off the home page")).to_be_visible()
    expect(page.get_by_text("north-store has been silent for 9 hours")).not_to_be_visible()
    page.goto("/admin/hub/alert/")
    expect(page.get_by_text("north-store has been silent for 9 hours")).to_be_visible()
    keep(page, "alerts-list")
    page.goto(f"/admin/hub/alert/{Alert.objects.get(kind='silence').pk}/change/")
    keep(page, "alert")


def test_a_posted_record_tells_its_story(page: Page) -> None:
    town.month_of_trade()
    page.goto(f"/admin/hub/syncrecord/{SyncRecord.objects.get(number='100000024').pk}/change/")
    expect(page.get_by_text("All three are equal")).to_be_visible()
    keep(page, "story")
    page.goto(f"/admin/hub/syncrecord/{SyncRecord.objects.get(number='100000011').pk}/change/")
    expect(page.get_by_role("button", name="Use another number")).to_be_visible()
    keep(page, "story-taken")


def test_rules_are_tried_on_a_past_order(page: Page) -> None:
    town.month_of_trade()
    page.goto(f"/admin/mappings/mapping/{Mapping.objects.get(name='order-to-invoice').pk}/change/")
    page.get_by_label("Number of a past record").fill("100000024")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview on")).to_be_visible()
    keep(page, "mapping")
    rows = page.locator("#rules tr").count()
    page.get_by_role("button", name="Add a rule").click()
    expect(page.locator("#rules tr")).to_have_count(rows + 1)


def test_the_other_pages_look_as_they_should(page: Page) -> None:
    flow = town.month_of_trade()
    for name, address in {
        "connection": f"/admin/connectors/connection/{flow.source_id}/change/",
        "connection-add": f"/admin/connectors/connection/add/?kind={flow.target.kind}",
        "connections": "/admin/connectors/connection/",
        "flow": f"/admin/hub/flow/{flow.pk}/change/",
        "flow-add": "/admin/hub/flow/add/",
        "journal": "/admin/hub/posting/",
        "webhook": f"/admin/hub/webhookrequest/{flow.source.webhook_requests.get().pk}/change/",
        "lookups": "/admin/mappings/lookuprow/",
        "jobs": "/admin/django_q/schedule/",
    }.items():
        page.goto(address)
        keep(page, name)


def test_an_edit_after_invoicing_is_seen_line_by_line_and_adjusted(page: Page) -> None:
    flow = town.flow(town.store(), town.books())
    record = town.posted(flow, 11, **town.EDITED_BY_LINE)
    SyncRecord.objects.filter(pk=record.pk).update(state=SyncRecord.State.HELD)
    page.goto(f"/admin/hub/syncrecord/{record.pk}/change/")
    expect(page.get_by_text("Tee: 64.80 → 59.00")).to_be_visible()
    expect(page.get_by_role("button", name="Credit and re-invoice")).to_be_visible()
    keep(page, "story-edited")
    page.get_by_role("button", name="Adjust").click()
    record.refresh_from_db()
    assert [edit["how"] for edit in record.decision["edits"]] == ["adjust"]
