"""What a person has accepted stays so while what was judged is the same, whatever else the sides tell; and where it opens
again, what was said of it is not lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from hub.books.reconciliation.checking import check
from hub.books.reconciliation.mending import mend
from hub.models import Discrepancy, Flow
from tests.books.big_trade import FIRST, LAST, MONTH, filed_otherwise, opened_month, sold_otherwise
from tests.books.days import booked, finished, reconciled
from tests.books.hands import by_hand, change, invoice_of, line, only
from tests.hub.world import World

REASON = "agreed by telephone"
ID = 12


def accepted(found: Discrepancy) -> Discrepancy:
    mend(found, "accept", "ada", reason=REASON)
    return found


@pytest.mark.parametrize("change_made", [{"invoice_number": "X-1"}, {"lines": [line("90.00")]}])
def test_it_stays_accepted_however_often_it_is_checked_and_compared(world: World, change_made: dict[str, Any]) -> None:
    """A document that is read alone tells less than one in a list."""
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, **change_made)
    reconciled(world)
    accepted(check(only()))
    reconciled(world)
    assert (check(only()).state, only().reason, only().history) == ("accepted", REASON, [])


def test_it_stays_accepted_when_the_invoice_is_paid(world: World) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, invoice_number="X-1")
    reconciled(world)
    drift = accepted(only())
    by_hand(world, posting, "40.00")
    reconciled(world)
    assert Discrepancy.objects.get(kind="payment_over").state == "open"
    drift.refresh_from_db()
    assert (drift.sides["books"]["status"], drift.state, drift.reason) == ("partial", "accepted", REASON)


def of_invoice(**facts: Any) -> None:
    one = MONTH.books["invoice"][f"{ID}-0"]
    MONTH.books["invoice"][f"{ID}-0"] = replace(one, facts={**one.facts, **facts})


@pytest.fixture
def month(memory: None) -> Flow:
    return opened_month(15)


def smaller() -> None:
    filed_otherwise("invoice", f"{ID}-0", total=Decimal("1.00"))


def taxed() -> None:
    of_invoice(tax=Decimal("0.10"))


def for_another() -> None:
    of_invoice(client_id="c77")


def bought_by_another() -> None:
    sold_otherwise(ID, email="new@example.com")


@pytest.mark.parametrize(
    ("planted", "beside", "truly"),
    [
        (smaller, lambda: of_invoice(tax=None, client="Renamed"), lambda: filed_otherwise("invoice", f"{ID}-0", total=Decimal(2))),
        (smaller, lambda: sold_otherwise(ID, first_name="Eve"), lambda: filed_otherwise("invoice", f"{ID}-0", state="deleted")),
        (taxed, lambda: of_invoice(client="Renamed"), lambda: of_invoice(tax=Decimal("0.20"))),
        (for_another, lambda: sold_otherwise(ID, first_name="Eve"), lambda: of_invoice(client_id="c78")),
        (bought_by_another, lambda: of_invoice(note="seen"), lambda: sold_otherwise(ID, email="newer@example.com")),
    ],
)  # fmt: skip
def test_it_opens_again_when_what_was_judged_has_changed_and_tells_what_was_said_of_it(
    month: Flow, planted: Callable[[], None], beside: Callable[[], None], truly: Callable[[], None]
) -> None:
    planted()
    finished(month, FIRST, LAST)
    decided_at = accepted(only()).decided_at
    beside()
    finished(month, FIRST, LAST)
    assert (only().state, only().reason, only().history) == ("accepted", REASON, [])
    truly()
    finished(month, FIRST, LAST)
    assert decided_at and (only().state, only().reason, only().decided_by) == ("open", "", "")
    assert only().history == [{"reason": REASON, "by": "ada", "at": decided_at.isoformat()}]


def test_everything_that_was_said_of_it_is_kept(month: Flow) -> None:
    for total in ("1.00", "2.00", "3.00"):
        filed_otherwise("invoice", f"{ID}-0", total=Decimal(total))
        finished(month, FIRST, LAST)
        mend(only(), "accept", "ada", reason=f"it is {total}")
    assert ([said["reason"] for said in only().history], only().reason) == (["it is 1.00", "it is 2.00"], "it is 3.00")


def test_a_tax_that_somebody_put_on_a_free_invoice_is_still_there_when_it_is_checked(month: Flow) -> None:
    one = MONTH.orders[str(ID)]
    filed_otherwise("invoice", f"{ID}-0", total=one.total)
    taxed()
    finished(month, FIRST, LAST)
    assert only().fields == ["tax"] and check(only()).state == "open"
