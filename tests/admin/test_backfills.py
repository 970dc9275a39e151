"""Backfills in the admin: from a flow's page to its preview, its start and its end, in a bookkeeper's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.intake.backfill import asking, turns
from hub.intake.backfill.rounds import advance_due
from hub.models import Backfill, Flow, SyncRecord
from tests.admin import town
from tests.admin.conftest import LogIn
from tests.hub.history import MARCH, again, backfill, history
from tests.hub.world import World, kinds, open_world

DATES = {"start": "2026-01-01", "end": "2026-03-31", "reason": "The year before we had the hub"}


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    world = open_world(kinds("store")[0], kinds("books")[0])
    yield world
    world.store.close()
    world.books.close()


@pytest.fixture
def north(db: None) -> Flow:
    return town.flow(town.store(), town.books())


def new(flow: Flow) -> str:
    return reverse("admin:hub_backfill_new", args=[flow.pk])


def shown(client: Client, found: Backfill) -> str:
    return client.get(reverse("admin:hub_backfill_change", args=[found.pk])).content.decode()


def press(client: Client, found: Backfill, what: str) -> str:
    response: Any = client.post(reverse("admin:hub_backfill_act", args=[found.pk, what]), follow=True)
    return " ".join(str(message) for message in response.context["messages"])


def test_a_flow_s_page_leads_to_its_backfill(log_in: LogIn, north: Flow) -> None:
    page = reverse("admin:hub_flow_change", args=[north.pk])
    assert new(north) in log_in("Bookkeeper").get(page).content.decode()
    assert new(north) not in log_in("Viewer").get(page).content.decode()


def test_the_form_asks_for_a_preview_and_starts_nothing(log_in: LogIn, north: Flow) -> None:
    response = log_in("Bookkeeper").post(new(north), DATES)
    made = Backfill.objects.get()
    assert response.status_code == 302 and made.state == "previewing"
    assert (str(made.start), str(made.end), made.asked_by) == ("2026-01-01", "2026-03-31", "somebody-bookkeeper")


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"start": "2026-04-01"}, "is after the last"),
        ({"start": "1926-04-01"}, "more than ten years"),
        ({"end": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    log_in: LogIn, north: Flow, typed: dict[str, str], complaint: str
) -> None:
    page = log_in("Bookkeeper").post(new(north), DATES | typed).content.decode()
    assert complaint in page and not Backfill.objects.exists()


def test_the_form_knows_the_cut_over_date(log_in: LogIn, db: None) -> None:
    flow = town.flow(town.store(), town.books(), cut_over="2026-02-01")
    page = log_in("Bookkeeper").get(new(flow)).content.decode()
    assert "skips what is dated before 1 Feb 2026" in page and 'value="2026-02-01"' in page


def test_days_before_the_cut_over_are_warned_of(log_in: LogIn, db: None) -> None:
    flow = town.flow(town.store(), town.books(), cut_over="2026-04-01")
    log_in("Bookkeeper").post(new(flow), DATES)
    assert "nothing would be posted" in shown(log_in("Viewer"), Backfill.objects.get())


def test_the_preview_is_told_in_words_and_then_started(log_in: LogIn, world: World) -> None:
    history(world)
    world.store.trade(orders=0, seed=2, day="2026-02-11", bad=True)
    client = log_in("Bookkeeper")
    client.post(new(world.flow), DATES)
    made = Backfill.objects.get()
    assert "Nothing is posted" in shown(client, made) and "data-live" in shown(client, made)
    world.work()
    page = shown(client, again(made))
    assert "orders would be posted" in page and "has no e-mail address" in page and "data-live" not in page
    assert "It has started" in press(client, made, "start")
    world.work()
    page = shown(client, again(made))
    assert "Done" in page and "What the preview said" in page
    posted = SyncRecord.objects.filter(state="posted").count()
    link = f"{reverse('admin:hub_syncrecord_changelist')}?backfill={made.pk}&amp;state=posted"
    assert f'href="{link}">{posted}</a>' in page
    listed: Any = client.get(link.replace("&amp;", "&"))
    assert listed.context["cl"].result_count == posted


def test_a_preview_that_is_under_way_shows_how_much_it_has_read(log_in: LogIn, world: World) -> None:
    history(world)
    client, made = log_in("Viewer"), backfill(world, look_first=True)
    for told in ("1 order read so far", "2 orders read so far"):
        advance_due(seconds=0)
        page = shown(client, again(made))
        assert made.state == "previewing" and told in page and "data-live" in page


def test_a_backfill_that_is_under_way_shows_how_far_it_is(
    log_in: LogIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "ROOM", 4)
    history(world)
    client, made = log_in("Viewer"), backfill(world)
    advance_due()
    page = shown(client, again(made))
    assert "4 orders brought in, 4 of them not settled yet." in page and "data-live" in page
    SyncRecord.objects.update(state="posted", due_at=None)
    advance_due()
    page = shown(client, again(made))
    assert made.state == "running" and "8 orders brought in, 4 of them not settled yet." in page


def test_it_is_paused_resumed_and_stopped_by_its_buttons(
    log_in: LogIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "ROOM", 4)
    history(world)
    client, made = log_in("Approver"), backfill(world)
    advance_due()
    assert "Paused" in press(client, made, "pause")
    page = shown(client, made)
    assert "What has not begun rests" in page and "Resume" in page and ">Pause<" not in page
    assert "It goes on" in press(client, made, "resume")
    assert "taken back" in press(client, made, "stop")
    assert not SyncRecord.objects.exists()
    assert "This backfill is stopped" in press(client, made, "pause")


def test_why_it_does_not_go_on_is_said(log_in: LogIn, world: World) -> None:
    world.fault("store", kind="status", status=503, times=1)
    made = backfill(world)
    advance_due()
    assert "It is tried again by itself" in shown(log_in("Viewer"), made)


def test_who_may_only_look_has_no_buttons_and_is_refused(log_in: LogIn, north: Flow) -> None:
    made = asking.ask(north, dt.date(2026, 1, 1), MARCH, look_first=False)
    client = log_in("Viewer")
    assert "Stop for good" not in shown(client, made)
    assert client.post(reverse("admin:hub_backfill_act", args=[made.pk, "stop"])).status_code == 403
    assert client.get(new(north)).status_code == 403
    assert again(made).state == "running"


def test_there_is_no_other_button(log_in: LogIn, north: Flow) -> None:
    made = asking.ask(north, dt.date(2026, 1, 1), MARCH, look_first=False)
    client = log_in()
    assert client.post(reverse("admin:hub_backfill_act", args=[made.pk, "delete"])).status_code == 404
    assert client.get(reverse("admin:hub_backfill_act", args=[made.pk, "stop"])).status_code == 405


def test_the_list_says_how_each_stands(log_in: LogIn, north: Flow) -> None:
    asking.ask(north, dt.date(2026, 1, 1), MARCH, look_first=False, reason="The first quarter")
    page = log_in("Viewer").get(reverse("admin:hub_backfill_changelist")).content.decode()
    assert "1 Jan 2026 to 31 Mar 2026" in page and "running" in page and "The first quarter" in page
