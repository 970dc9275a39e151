"""What reconciliations have found, as reports: each order on three sides, and each discrepancy with what became of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from hub.books.reconciliation.mending import mend
from hub.books.reports import discrepancies, reconciliation
from hub.books.reports.scope import Scope
from hub.models import Discrepancy, Posting, SyncRecord
from tests.books.days import DAY, booked, reconciled
from tests.books.reports.reading import read
from tests.books.test_discrepancies import TODAY, change, invoice_of, line, only
from tests.hub.edited_orders import edit
from tests.hub.world import World


@pytest.fixture
def days(world: World) -> Scope:
    today = dt.date.fromisoformat(TODAY)
    return Scope(today - DAY, today + DAY)


def rows(scope: Scope) -> dict[str, dict[str, Any]]:
    return {row["number"]: row for row in read(reconciliation.REPORT, scope)}


def sides(row: dict[str, Any]) -> list[Any]:
    return [row[name] and int(row[name]) for name in ("source_total", "hub_total", "books_total")]


def test_each_order_is_told_on_three_sides(world: World, days: Scope) -> None:
    agrees, edited, changed, deleted, paid = (booked(world, {"a": 100}) for _ in range(5))
    world.place(capture=world.number(paid))
    world.sync()
    edit(world, edited, {"a": 130})
    change(world, "invoice", invoice_of(world, changed).remote_id, lines=[line("90.00")])
    change(world, "invoice", invoice_of(world, deleted).remote_id, vis_state=1)
    change(world, "payment", Posting.objects.get(resource="payment").remote_id, vis_state=1)
    unknown = world.place(kind="shipped_unpaid")
    run = reconciled(world, *days.days)
    found = rows(days)
    told = {world.number(order): found[world.number(order)] for order in (agrees, edited, changed, deleted)}
    assert [row["result"] for row in told.values()] == ["agrees", "differs", "differs", "differs"]
    assert [sides(row) for row in told.values()] == [[100] * 3, [130, 100, 100], [100, 100, 90], [100, 100, 0]]
    assert [row["kinds"] for row in told.values()] == ["", "amount", "drift", "drift"]
    unpaid = found[world.number(paid)]
    assert (unpaid["kinds"], sides(unpaid)) == ("payment_missing", [100] * 3)
    stranger = found[world.number(unknown)]
    assert (stranger["state"], stranger["kinds"], stranger["hub_total"]) == ("pending", "missing_in_hub", None)
    assert stranger["source_total"] == world.read(unknown).total
    assert {row["reconciled_at"] for row in found.values()} == {run.ended_at}
    world.work()
    came = rows(days)
    assert set(came) == set(found)
    assert came[world.number(unknown)]["state"] == "posted"


def test_a_document_that_no_order_accounts_for_has_a_row_of_its_own(world: World, days: Scope) -> None:
    order, currency = booked(world), SyncRecord.objects.get().currency
    facts = {"customerid": world.clients[0]["id"], "create_date": TODAY, "currency_code": currency}
    lines = [{"name": "By hand", "qty": "1", "unit_cost": {"amount": "77.00", "code": currency}}]
    world.books.place({"invoice": {**facts, "invoice_number": "900900", "po_number": "900900", "lines": lines}})
    reconciled(world, *days.days)
    found = read(reconciliation.REPORT, days)
    assert [(row["number"], row["result"]) for row in found] == [(world.number(order), "agrees"), ("", "differs")]
    assert (found[1]["kinds"], found[1]["books_total"], found[1]["state"]) == ("extra_in_books", 77, "")


def test_what_no_reconciliation_of_all_these_days_has_compared_is_not_said_to_agree(world: World, days: Scope) -> None:
    order = booked(world, {"a": 100})
    assert [row["result"] for row in rows(days).values()] == ["not_compared"]
    reconciled(world, days.start, days.end - DAY)
    [row] = rows(days).values()
    assert (row["result"], row["books_total"], row["reconciled_at"]) == ("not_compared", None, None)
    reconciled(world, *days.days)
    assert [row["result"] for row in rows(days).values()] == ["agrees"]
    edit(world, order, {"a": 130})
    world.sync()
    assert [row["result"] for row in rows(days).values()] == ["not_compared"]


def test_held_and_skipped_orders_are_results_of_their_own(world: World, days: Scope) -> None:
    for kind in ("no_email", "unpaid"):
        world.place(kind=kind)
    world.sync()
    reconciled(world, *days.days)
    assert Counter((row["result"], row["books_total"]) for row in rows(days).values()) == {
        ("held", None): 1,
        ("skipped", None): 1,
    }


def test_a_second_document_adds_to_what_the_books_hold(world: World, days: Scope) -> None:
    world.books.switch["duplicate_numbers"] = "allow"
    document = invoice_of(world, booked(world, {"a": 100})).document
    facts = {"customerid": int(document["client_id"]), "create_date": document["date"], "currency_code": "USD"}
    twice = {"invoice_number": document["number"], "po_number": document["po_number"], "lines": [line("100.00")]}
    world.books.place({"invoice": {**facts, **twice}})
    reconciled(world, *days.days)
    [row] = rows(days).values()
    assert (row["kinds"], sides(row)) == ("duplicate", [100, 100, 200])


def test_a_discrepancy_is_told_until_and_after_it_is_accepted(world: World, days: Scope) -> None:
    order = booked(world, {"a": 100})
    change(world, "invoice", invoice_of(world, order).remote_id, lines=[line("90.00")])
    reconciled(world, *days.days)
    [row] = read(discrepancies.REPORT, days)
    assert (row["kind"], row["state"], row["document"], row["fields"]) == ("drift", "open", "invoice", "amount")
    assert (row["amount"], row["source_total"], row["hub_total"], row["books_total"]) == (10, None, 100, 90)
    assert (row["order"], row["sentence"], row["decided_at"]) == (world.number(order), only().sentence, None)
    mend(only(), "accept", "ada", reason="a rebate by telephone")
    [row] = read(discrepancies.REPORT, days)
    assert (row["state"], row["reason"], row["decided_by"]) == ("accepted", "a rebate by telephone", "ada")
    assert [one["result"] for one in rows(days).values()] == ["accepted"]
    assert row["decided_at"] and row["closed_at"] is None


def test_what_was_closed_stays_to_be_read(world: World, days: Scope) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    change(world, "invoice", posting.remote_id, vis_state=1)
    reconciled(world, *days.days)
    change(world, "invoice", posting.remote_id, vis_state=0)
    reconciled(world, *days.days)
    [row] = read(discrepancies.REPORT, days)
    assert (row["state"], bool(row["closed_at"])) == ("closed", True)
    assert [one["discrepancies"] for one in rows(days).values()] == [0]


def test_an_amount_in_another_currency_is_not_added_to_the_row_s_own(world: World, days: Scope) -> None:
    order = booked(world, {"a": 100})
    posting = invoice_of(world, order)
    world.books.account.tables["invoices"].get(int(posting.remote_id))["currency_code"] = "CAD"
    reconciled(world, *days.days)
    assert "currency" in only().fields
    [row] = read(discrepancies.REPORT, days)
    assert (row["currency"], row["hub_total"]) == ("USD", Decimal(100))
    assert row["books_total"] is None
    assert rows(days)[world.number(order)]["books_total"] is None


def test_days_flows_and_books_limit_them(world: World, days: Scope) -> None:
    order = booked(world, {"a": 100})
    change(world, "invoice", invoice_of(world, order).remote_id, vis_state=1)
    reconciled(world, *days.days)
    for report in (reconciliation.REPORT, discrepancies.REPORT):
        assert len(read(report, Scope(*days.days, books=world.target, flow=world.flow))) == 1
        assert read(report, Scope(*days.days, books=world.source)) == []
        assert read(report, Scope(days.start - 9 * DAY, days.start - 2 * DAY)) == []
    assert Discrepancy.objects.count() == 1
