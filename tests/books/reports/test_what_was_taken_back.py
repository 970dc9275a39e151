"""What was taken back, or takes back what was never ours, is told for what it is and stands in no sum."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from hub.books.reconciliation.mending import mend
from hub.books.reports import documents, gift_cards, payments, refunds, taxes
from hub.books.reports.pack import Sums
from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.books.days import booked, reconciled
from tests.books.hands import change, dated_otherwise, duplicated, line, only
from tests.books.reports.reading import EVER, read
from tests.hub.world import World


def test_a_draft_that_was_taken_back_is_listed_without_amounts(make_world: Callable[..., World]) -> None:
    world = make_world(invoice_status="draft")
    order, kept = booked(world, {"a": 100}), booked(world, {"a": 40})
    world.place(cancel=world.number(order))
    decisions.retry(SyncRecord.objects.all())
    world.work()
    rows = {row["order"]: row for row in read(documents.REPORT)}
    gone = rows[world.number(order)]
    assert (gone["state"], gone["total"], gone["booked"], gone["difference"]) == ("voided", None, None, None)
    assert gone["number"] == world.number(order)
    assert rows[world.number(kept)]["state"] == "done"
    summed = Sums(documents.REPORT)
    for row in documents.REPORT.rows(EVER):
        summed.add(row)
    assert summed.totals["total"] == summed.totals["booked"] == {"USD": Decimal("40.00")}


def test_what_takes_back_a_duplicate_is_no_refund_and_takes_back_no_tax(world: World) -> None:
    duplicated(world)
    before = read(taxes.REPORT)
    reconciled(world)
    mend(only(), "credit", "ada")
    world.work(patience=10)
    assert len(world.credit_notes) == 1
    assert read(refunds.REPORT) == []
    assert read(taxes.REPORT) == before
    assert [row["document"] for row in read(documents.REPORT)] == ["invoice", "credit note"]


@pytest.mark.parametrize("how", ["changed", "moved"])
def test_gift_cards_of_an_invoice_that_was_put_back_are_sold_once(world: World, how: str) -> None:
    world.place(kind="gift_card_sale", seed=1)
    world.sync()
    [before] = read(gift_cards.REPORT)
    invoice = Posting.objects.get(resource="invoice")
    if how == "changed":
        change(world, "invoice", invoice.remote_id, lines=[line("3.00")])
    else:
        dated_otherwise(world, invoice)
    reconciled(world)
    mend(only(), "put_back", "ada")
    world.work(patience=10)
    assert len(world.invoices) == 2
    [after] = read(gift_cards.REPORT)
    assert after["closing"] == before["closing"] > 0


def test_what_is_gone_from_the_books_counts_as_not_booked(world: World) -> None:
    """It is to be made again, and is remembered until then as it was."""
    world.place(kind="partial_refund", seed=3)
    world.sync()
    Posting.objects.exclude(resource__in=["client", "item"]).update(state="intended")
    rows = [row for report in (documents, payments, refunds) for row in read(report.REPORT)]
    assert {row["booked"] for row in rows} == {None}
    assert {row["state"] for row in rows} == {"intended"}
