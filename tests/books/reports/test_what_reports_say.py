"""What the reports say of trade that went through the hub is what the store and the books say of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from hub.books.agreement import SIDES, agreement
from hub.books.by_day import by_day
from hub.books.reports import agreement_by_day, documents, findings, gift_cards, payments, records, refunds, taxes
from hub.books.reports.scope import Scope
from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.books.reports.reading import EVER, read, sums
from tests.hub.world import World

TRADE = (
    "simple", "two_rates", "gift_card", "gift_card_sale", "store_credit", "yen", "dinar", "partial_capture",
    "partial_refund", "full_refund", "refunded_too_much", "refund_without_memo", "unpaid", "no_email", "near_midnight",
)  # fmt: skip


@pytest.fixture
def trade(world: World) -> World:
    for seed, kind in enumerate(TRADE):
        world.place(kind=kind, seed=seed)
    world.sync()
    return world


def posted(world: World) -> list[dict[str, Any]]:
    return [one for one in world.store.expectations() if one["expected"] == "posted"]


def test_every_report_of_the_trade_is_right(trade: World) -> None:
    """One trade for all of them, since it takes its time."""
    every_record_stands_with_what_is_booked(trade)
    every_document_is_what_the_books_hold(trade)
    payments_are_what_was_paid(trade)
    taxes_are_what_was_charged(trade)
    refunds_are_what_was_credited(trade)
    gift_cards_roll_forward(trade)
    findings_are_told(trade)
    days_are_the_range()


def days_are_the_range() -> None:
    """Over several days."""
    SyncRecord.objects.annotate(half=F("pk") % 3).filter(half=0).update(date=EVER.start)
    rows = read(agreement_by_day.REPORT)
    for pair in agreement(*EVER.days).pairs:
        mine = [row for row in rows if (row["flow"], row["currency"]) == (pair.flow, pair.currency)]
        for side in ("received", *SIDES, "booked"):
            told = getattr(pair, side)
            assert sum(row[f"{side}_count"] for row in mine) == told.count, side
            assert sum(row[f"{side}_total"] for row in mine) == told.total, side
    assert {row["agrees"] for row in rows} == {"yes"}
    assert len({row["date"] for row in rows}) > 1


def every_record_stands_with_what_is_booked(world: World) -> None:
    rows = {row["number"]: row for row in read(records.REPORT)}
    expected = world.store.expectations()
    assert len(rows) == len(expected) == SyncRecord.objects.count()
    for one in expected:
        row = rows[one["increment_id"]]
        state, _, reason = one["expected"].partition(":")
        assert (row["state"], row["reason"], str(row["date"])) == (state, reason, one["date"])
        assert (row["currency"], row["total"]) == (one["currency"], Decimal(one["total"]))
        assert row["booked"] == (Decimal(one["expected_total"]) if state == "posted" else None)
        assert row["difference"] == (0 if state in ("posted", "skipped") else None)


def every_document_is_what_the_books_hold(world: World) -> None:
    rows = read(documents.REPORT)
    by_kind = Counter(row["document"] for row in rows)
    assert by_kind == {"invoice": len(world.invoices), "credit note": len(world.credit_notes)}
    held = {one["invoice_number"]: Decimal(one["amount"]["amount"]) for one in world.invoices}
    assert {row["number"]: row["booked"] for row in rows if row["document"] == "invoice"} == held
    assert {row["state"] for row in rows} == {"done"} and not any(row["difference"] for row in rows)
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)


def payments_are_what_was_paid(world: World) -> None:
    expected: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in posted(world):
        for paid in one["expected_payments"]:
            expected["money", one["currency"]] += Decimal(paid["amount"])
        for tender in one["expected_tenders"]:
            expected[tender["kind"], one["currency"]] += Decimal(tender["amount"])
    detail, by_method = read(payments.REPORT), read(payments.BY_METHOD)
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in by_method:
        tender = row["method"] if row["method"] in ("gift_card", "store_credit", "reward_points") else "money"
        found[tender, row["currency"]] += row["booked"]
    assert found == expected
    by = ("date", "method", "method_name", "type", "currency")
    assert sums(detail, *by, of="amount") == sums(by_method, *by, of="amount")
    assert sum(row["payments"] for row in by_method) == len(detail) == len(world.payments)
    assert {row["invoice"] for row in detail} <= {one["invoice_number"] for one in world.invoices}


def taxes_are_what_was_charged(world: World) -> None:
    rows = read(taxes.REPORT)
    charged: dict[tuple[str], Decimal] = defaultdict(Decimal)
    for one in posted(world):
        charged[one["currency"],] += Decimal(one["expected_tax"])
    assert sums(rows, "currency", of="invoiced_tax") == charged
    assert any(row["credited_tax"] for row in rows)
    for row in rows:
        assert row["tax"] == row["invoiced_tax"] - row["credited_tax"]
        assert row["net"] == (row["invoiced_net"] or 0) - (row["credited_net"] or 0)
        assert abs(row["net"] * row["percent"] / 100 - row["tax"]) < Decimal("0.05")


def refunds_are_what_was_credited(world: World) -> None:
    rows = {row["refund"]: row for row in read(refunds.REPORT)}
    expected = {refund["creditmemo"]: refund for one in posted(world) for refund in one["expected_refunds"]}
    assert set(rows) == set(expected)
    for number, refund in expected.items():
        row = rows[number]
        assert (row["credited"], str(row["date"])) == (Decimal(refund["total"]), refund["date"])
        assert row["refunded"] - row["credited"] == row["not_credited"]
        assert row["capped"] == ("yes" if row["not_credited"] else "no")
        assert row["invoice"] == row["order"]
    assert Counter(row["capped"] for row in rows.values()) == {"no": 3, "yes": 1}


def gift_cards_roll_forward(world: World) -> None:
    rows = {row["currency"]: row for row in read(gift_cards.REPORT)}
    redeemed: dict[str, Decimal] = defaultdict(Decimal)
    for one in posted(world):
        for tender in one["expected_tenders"]:
            if tender["kind"] == "gift_card":
                redeemed[one["currency"]] += Decimal(tender["amount"])
    assert {currency: row["redeemed"] for currency, row in rows.items() if row["redeemed"]} == redeemed
    assert sum(row["sold"] for row in rows.values()) > 0
    assert all(row["closing"] == row["sold"] - row["redeemed"] for row in rows.values())


def findings_are_told(world: World) -> None:
    told = {(row["number"], row["finding"]): row["amount"] for row in read(findings.REPORT)}
    expected = {
        (one["increment_id"], found["reason"]): Decimal(found["amount"])
        for one in world.store.expectations()
        for found in one["expected_findings"]
    }
    assert told == expected and len(told) == 2


def test_opening_and_closing_are_the_same_day_seen_from_both_sides(world: World) -> None:
    for seed, kind in enumerate(("gift_card_sale", "gift_card", "gift_card_sale")):
        world.place(kind=kind, seed=seed)
    world.sync()
    moves = Posting.objects.filter(gift_cards__isnull=False).order_by("pk")
    first, second = moves[0].date, moves[0].date.replace(year=moves[0].date.year + 1)
    moves.filter(pk=moves.last().pk).update(date=second)
    before = read(gift_cards.REPORT, Scope(first, first))
    after = read(gift_cards.REPORT, Scope(second, second))
    assert [row["closing"] for row in before] == [row["opening"] for row in after]
    assert before[0]["known_since"] == after[0]["known_since"] == first
    assert before[0]["closing"] != after[0]["closing"]


def test_taxes_that_are_lines_of_their_own_are_told_without_a_rate(make_world: Any) -> None:
    world: World = make_world(tax_style="lines")
    world.place(kind="full_refund", seed=3)
    world.sync()
    rows = read(taxes.REPORT)
    [order] = posted(world)
    assert sum(row["invoiced_tax"] for row in rows) == Decimal(order["expected_tax"])
    assert {(row["percent"], row["net"], row["tax"]) for row in rows} == {(None, None, 0)}


def test_days_of_a_month_cost_as_many_queries_as_a_single_one(world: World) -> None:
    for seed in range(3):
        world.place(kind="simple", seed=seed)
    world.sync()
    with CaptureQueriesContext(connection) as one:
        list(by_day(EVER.start, EVER.start))
    with CaptureQueriesContext(connection) as many:
        list(by_day(*EVER.days))
    assert len(one) == len(many) < 20


def test_what_nobody_has_read_counts_on_the_day_it_was_heard_of(world: World) -> None:
    world.place(kind="simple", seed=1)
    world.poll()
    SyncRecord.objects.all().delete()
    [(day, pair)] = by_day(*EVER.days)
    assert (pair.currency, pair.received.count, pair.accounted.count, pair.agrees) == ("", 1, 0, False)
    assert day == SyncRecord._meta.get_field("date").to_python(str(day))
    assert [one.received.count for one in agreement(*EVER.days).pairs] == [1]


def test_documents_of_an_edit_are_no_refunds(world: World) -> None:
    order = world.place(kind="simple", seed=1)
    world.sync()
    decisions.retry(SyncRecord.objects.all())
    Posting.objects.filter(resource="invoice").update(edit=1)
    assert order and read(refunds.REPORT) == []


def test_a_report_is_about_the_flow_and_the_books_that_were_asked_for(world: World) -> None:
    world.place(kind="simple", seed=1)
    world.sync()
    here, elsewhere = Scope(*EVER.days, books=world.target), Scope(*EVER.days, books=world.source)
    assert len(read(records.REPORT, here)) == len(read(documents.REPORT, here)) == 1
    assert read(records.REPORT, elsewhere) == read(documents.REPORT, elsewhere) == []
    assert len(read(payments.REPORT, Scope(*EVER.days, flow=world.flow))) == 1
