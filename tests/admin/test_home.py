"""The home page: the equation, and every number a link to just those records."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from hub.admin.months import month_of
from hub.models import Flow, Posting, SyncRecord
from tests.admin import town
from tests.admin.conftest import LogIn

MARCH = "/admin/?month=2026-03"


@pytest.fixture
def north(db: None) -> Flow:
    return town.flow(town.store(), town.books())


def test_the_books_agree(log_in: LogIn, north: Flow) -> None:
    town.posted(north, 20)
    town.record(north, 3, SyncRecord.State.HELD, **town.NO_EMAIL)
    shown = log_in("Viewer").get(MARCH).content.decode()
    assert "The books agree" in shown and "dead letter" not in shown.replace("Dead letters", "")
    assert "each needs a decision" in shown


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda flow: town.record(flow, 1, "failed", **town.BAD_COUNTRY), "1 record for 64.80 GBP failed"),
        (lambda flow: town.posted(flow, 20, booked=Decimal("64.79")), "the books answered for 1 record for 64.79 GBP"),
        (lambda flow: town.record(flow, 1, "waiting"), "not settled yet"),
        (
            lambda flow: (town.posted(flow, 20), Posting.objects.filter(resource="invoice").update(state="sent")),
            "may or may not have reached",
        ),
        (lambda flow: (town.posted(flow, 20), flow.source.events.all().delete()), "not all of it is accounted for"),
    ],
)
def test_whatever_is_wrong_is_said_with_what_to_do(log_in: LogIn, north: Flow, make: object, words: str) -> None:
    make(north)  # type: ignore[operator]
    response = log_in("Bookkeeper").get(MARCH)
    assert "The books do not agree" in response.content.decode()
    assert any(words in one.sentence and one.remedy for one in response.context["complaints"])


def test_each_number_leads_to_just_those_records(log_in: LogIn) -> None:
    town.month_of_trade()
    client = log_in("Viewer")
    for row in client.get(MARCH).context["rows"]:
        for cell in row.cells:
            listed = client.get(cell.link).context["cl"].result_count
            assert listed == cell.count, (cell.column, cell.link)


def test_what_has_no_amount_is_held_without_a_worth(log_in: LogIn, north: Flow) -> None:
    town.posted(north, 20)
    SyncRecord.objects.create(flow=north, source_id="7", state="held", reason="maybe_known", date=town.DAY)
    shown = log_in("Viewer").get(MARCH).content.decode()
    assert "<strong>1 held</strong>: each needs a decision" in shown and "no amount known" not in shown


def test_dead_letters_are_announced_with_their_worth(log_in: LogIn) -> None:
    town.month_of_trade()
    shown = log_in("Viewer").get(MARCH).content.decode()
    assert "2 dead letters" in shown and "worth 129.60 GBP" in shown and reverse("admin:hub_dead_letters") in shown
    assert "needs login" in shown


def test_the_months_go_back_and_forth() -> None:
    month = month_of("2026-12", dt.date(2026, 3, 1))
    assert (month.title, month.previous, month.next) == ("December 2026", "2026-11", "2027-01")
    for nonsense in ("", "2026-13", "0000-01", "9999-12", "x" * 50):
        assert month_of(nonsense, dt.date(2026, 3, 9)).key == "2026-03"


def test_somebody_without_a_group_is_told_so(log_in: LogIn, north: Flow) -> None:
    client = log_in("Viewer")
    client.logout()
    from django.contrib.auth.models import User

    client.force_login(User.objects.create_user("new", is_staff=True))
    assert "you belong to no group yet" in client.get(MARCH).content.decode()
