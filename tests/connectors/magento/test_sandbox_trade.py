"""A generated day: every kind, in time, always the same for the same seed, and what the books should say of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.magento.sandbox import sandbox
from connectors.magento.sandbox.kinds import KINDS
from connectors.magento.sandbox.money import plain
from tests.connectors.magento.calling import got, tendered

ACCEPTED = {"processing", "complete", "closed"}
ZONES = {1: ZoneInfo("America/New_York"), 2: ZoneInfo("Europe/Paris")}


def utc(stamp: str) -> dt.datetime:
    return dt.datetime.fromisoformat(stamp).replace(tzinfo=dt.UTC)


def test_a_day_large_enough_has_every_kind() -> None:
    rows = sandbox().trade(orders=len(KINDS), seed=1, day="2026-03-01")
    assert {row["kind"] for row in rows} == set(KINDS)


def test_the_same_seed_makes_the_same_day() -> None:
    one, two = (sandbox().trade(orders=45, seed=9, day="2026-03-01") for _ in range(2))
    assert one == two
    assert one != sandbox().trade(orders=45, seed=10, day="2026-03-01")
    assert plain(one) == one


def test_a_second_day_follows_in_the_same_shop() -> None:
    shop = sandbox()
    first, second = (shop.trade(orders=20, seed=1, day=day) for day in ("2026-03-01", "2026-03-02"))
    assert not {row["increment_id"] for row in first} & {row["increment_id"] for row in second}


def test_everything_happens_within_the_day_of_the_store() -> None:
    shop = sandbox()
    day = dt.date(2026, 3, 8)  # New York changes its clocks
    shop.trade(orders=90, seed=3, day=day.isoformat())
    for table in (shop.shop.orders, shop.shop.invoices, shop.shop.creditmemos):
        for row in table:
            assert utc(row["created_at"]).astimezone(ZONES[row["store_id"]]).date() == day


def test_some_business_dates_are_not_the_utc_date() -> None:
    shop = sandbox()
    rows = [row for row in shop.trade(orders=120, seed=3, day="2026-03-01") if row["kind"] == "near_midnight"]
    for row in rows:
        assert got(shop, f"orders/{row['entity_id']}")["created_at"][:10] != row["date"] == "2026-03-01"
    assert rows


def test_a_day_to_come_has_passed_once_it_was_played() -> None:
    shop = sandbox()
    day = dt.date.today() + dt.timedelta(days=2)
    shop.trade(orders=30, seed=3, day=day.isoformat())
    newest = max(row["updated_at"] for row in shop.shop.orders)
    assert shop.clock.server_time() > utc(newest) + dt.timedelta(seconds=60)


def test_the_expectations_agree_with_what_rest_shows() -> None:
    shop = sandbox()
    for row in shop.trade(orders=3 * len(KINDS), seed=7, day="2026-03-01"):
        order = got(shop, f"orders/{row['entity_id']}")
        owed = Decimal(order["grand_total"]) + tendered(order)
        assert Decimal(row["total"]) == owed
        assert row["increment_id"] == order["increment_id"]
        assert (row["expected"] == "skipped:canceled") == (order["state"] == "canceled")
        assert (row["expected"] == "skipped:not_accepted") == (order["state"] not in {*ACCEPTED, "canceled"})
        assert (row["expected"] == "skipped:zero_total") == (owed == 0)
        if row["expected"] == "posted":
            paid = sum(Decimal(payment["amount"]) for payment in row["expected_payments"])
            assert paid == Decimal(order.get("total_paid", 0))
            refunded = sum(Decimal(refund["total"]) for refund in row["expected_refunds"])
            found = sum(Decimal(finding["amount"]) for finding in row["expected_findings"])
            assert refunded + found == Decimal(order.get("total_refunded", 0))
            assert row["expected_total"] == row["total"]
        else:
            assert row["expected_total"] is None


def test_what_is_expected_of_an_order_can_be_read_from_it_at_any_time() -> None:
    shop = sandbox()
    foreseen = shop.trade(orders=2 * len(KINDS), seed=7, day="2026-03-01", bad=True)
    seen = [{**row, "kind": ""} for row in shop.expectations()]
    assert seen == sorted(({**row, "kind": ""} for row in foreseen), key=lambda row: row["entity_id"])


def test_the_bad_order_comes_only_when_asked_for() -> None:
    assert all(row["customer_email"] for row in sandbox().trade(orders=90, seed=2, day="2026-03-01"))
    shop = sandbox()
    (bad,) = [row for row in shop.trade(orders=3, seed=2, day="2026-03-01", bad=True) if not row["customer_email"]]
    assert (bad["expected"], bad["kind"]) == ("held:no_email", "no_email")
    order = got(shop, f"orders/{bad['entity_id']}")
    assert (order["increment_id"], order["state"]) == (bad["increment_id"], "processing")


def test_an_edited_order_comes_in_two_rows() -> None:
    rows = sandbox().trade(orders=len(KINDS), seed=1, day="2026-03-01")
    old, new = (row for row in rows if row["kind"] == "edited")
    assert (old["expected"], new["expected"]) == ("skipped:canceled", "posted")
    assert new["increment_id"] == f"{old['increment_id']}-1"


def test_a_life_may_go_on_on_a_later_day() -> None:
    shop = sandbox()
    shop.trade(orders=60, seed=1, day="2026-03-01", linger=1.0)
    before = {row["increment_id"]: row["expected"] for row in shop.expectations()}
    assert shop.waiting
    for day in range(3, 15, 2):
        shop.trade(orders=0, seed=1, day=f"2026-03-{day:02}")
    assert not shop.waiting
    after = {row["increment_id"]: row for row in shop.expectations()}
    reopened = [number for number in before if before[number] != after[number]["expected"] == "posted"]
    refunds = [refund["date"] for row in after.values() for refund in row["expected_refunds"]]
    assert reopened
    assert max(refunds) > "2026-03-02"


def test_a_day_without_trade_passes_too() -> None:
    shop = sandbox()
    shop.trade(orders=0, seed=1, day="2126-03-01")
    assert shop.clock.server_time().isoformat() > "2126-03-01"


def test_an_amended_order_is_the_same_order_with_another_total() -> None:
    """Its rows add up as before, and what was shipped stays shipped."""
    shop = sandbox()
    for seed in range(20):
        before = shop.place({"kind": "shipped_unpaid", "seed": seed})
        shop.place({"amend": before["increment_id"]})
        after = got(shop, f"orders/{before['entity_id']}")
        assert after["grand_total"] != before["grand_total"]
        assert after["increment_id"] == before["increment_id"]
        rows = {item["item_id"] for item in after["items"]}
        assert rows <= {item["item_id"] for item in before["items"]}
        parts = (after["subtotal"], after["shipping_amount"], after["tax_amount"], after["discount_amount"])
        kept = after["discount_tax_compensation_amount"]
        assert Decimal(str(after["grand_total"])) == sum((Decimal(str(part)) for part in parts), Decimal(str(kept)))


def test_an_amended_order_can_be_captured_and_refunded_whole() -> None:
    shop = sandbox()
    number = shop.place({"kind": "shipped_unpaid", "seed": 1})["increment_id"]
    for step in ("amend", "capture", "refund"):
        shop.place({step: number})
    (row,) = shop.expectations()
    assert [Decimal(one["amount"]) for one in row["expected_payments"]] == [Decimal(row["total"])]
    assert [Decimal(one["total"]) for one in row["expected_refunds"]] == [Decimal(row["total"])]


def test_a_day_begins_after_the_night_before_whatever_the_zone() -> None:
    """Else who reads every night what has changed would miss what was early in the east."""
    shop, known, last = sandbox(), set(), ""
    for day in range(1, 6):
        shop.trade(orders=len(KINDS), seed=day, day=f"2126-03-{day:02}")
        changes = {(order["entity_id"], order["updated_at"]) for order in shop.state()["orders"]} - known
        stamps = [stamp for _, stamp in changes]
        assert min(stamps) > last
        known |= changes
        last = max(stamps)
