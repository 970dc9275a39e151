"""What the books hold of some days: never by trusting a filter, and with what somebody deleted or archived."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from connectors.base import Remote
from connectors.documents import Invoice
from connectors.sandbox import Sandbox
from tests.connectors.freshbooks.test_over_sockets import ADA, DAY, LAMPS, connect, vendor

__all__ = ["vendor"]
WEEK = dt.timedelta(days=7)


def invoices(vendor: Sandbox, count: int = 3) -> list[Remote]:
    """One a day, from DAY on."""
    books = connect(vendor)
    client = books.resource("client").create(ADA).id
    return [
        books.resource("invoice").create(
            Invoice(
                number=f"N-{number}",
                client_id=client,
                date=DAY + dt.timedelta(days=number),
                currency="USD",
                lines=(LAMPS,),
                total=Decimal("79.56"),
            )
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("ignored", [[], ["date_min"], ["date_max"], ["date_min", "date_max", "vis_state"]])
def test_a_filter_that_is_ignored_costs_pages_and_hides_nothing(vendor: Sandbox, ignored: list[str]) -> None:
    made = invoices(vendor)
    vendor.switch["ignored_filters"] = ignored
    listed = list(connect(vendor).resource("invoice").list_dated(DAY, DAY + dt.timedelta(days=1)))
    assert sorted(one.id for one in listed) == [made[0].id, made[1].id]


def test_deleted_and_archived_ones_are_told_apart(vendor: Sandbox) -> None:
    made = invoices(vendor)
    for one, state in zip(made, (0, 1, 2), strict=True):
        vendor.place({"invoice": {"id": int(one.id), "vis_state": state}})
    listed = connect(vendor).resource("invoice").list_dated(DAY, DAY + WEEK)
    assert {one.number: one.state for one in listed} == {"N-0": "active", "N-1": "deleted", "N-2": "archived"}


def test_more_than_a_page_is_listed_whole(vendor: Sandbox) -> None:
    invoices(vendor, count=103)
    listed = [
        one.number for one in connect(vendor).resource("invoice").list_dated(DAY, DAY + 200 * dt.timedelta(days=1))
    ]
    assert len(listed) == len(set(listed)) == 103


def test_the_tax_is_what_the_books_add_to_the_net(vendor: Sandbox) -> None:
    [made] = invoices(vendor, count=1)
    vendor.place({"invoice": {"id": int(made.id), "discount_value": "10"}})
    [listed] = connect(vendor).resource("invoice").list_dated(DAY, DAY)
    assert listed.facts["tax"] == Decimal("5.46") and listed.total == Decimal("71.61")
    assert listed.facts["client"] == "Ada"
