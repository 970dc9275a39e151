"""The tax table and the rate table at work, from a real store into real books: held, filled in, posted, and pinned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from hub.books.agreement import agreement
from hub.books.passed_taxes import passed_taxes
from hub.engine import decisions
from hub.models import PassedTax, Posting, Rate, SyncRecord, TaxRow
from mappings.models import Lookup, LookupRow
from tests.hub.edited_orders import edit, place
from tests.hub.world import World

Make = Callable[..., World]
TO_GBP = {"currency": "convert", "convert_to": "GBP"}


def agree() -> bool:
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    return agreement(days[0], days[-1]).agree


def outcomes() -> set[tuple[str, str]]:
    return set(SyncRecord.objects.values_list("state", "reason"))


def rate(record: SyncRecord, value: str, *, days_before: int = 0, source: str = "the bank") -> Rate:
    base = record.problem["rate"]["from"]
    date = record.date - dt.timedelta(days=days_before)
    return Rate(date=date, base=base, currency="GBP", rate=Decimal(value), source=source)


def names(documents: list[dict[str, Any]]) -> set[str]:
    lines = (line for one in documents for line in one["lines"])
    return {line[slot] for line in lines for slot in ("taxName1", "taxName2") if line.get(slot)}


# --- taxes ---


def test_a_tax_that_is_not_in_the_table_is_held_until_it_is_and_takes_its_like_along(make_world: Make) -> None:
    world = make_world(unmapped_tax="hold")
    for _ in range(2):
        world.place(kind="two_rates", seed=1)
    world.sync()
    assert outcomes() == {("held", "unmapped_tax")}
    first, _ = SyncRecord.objects.all()
    missing = first.problem["tax"]["missing"]
    rows = [TaxRow(name=one["name"], to=f"Books {one['name']}") for one in missing]
    assert decisions.name_taxes(first, rows, None) == 1
    world.work()
    assert (outcomes(), agree()) == ({("posted", "")}, True)
    assert names(world.invoices) == {f"Books {one['name']}" for one in missing}
    assert not PassedTax.objects.exists()


def test_what_passes_is_added_up_by_month_until_the_table_knows_it(world: World) -> None:
    placed = [world.place(kind="simple", seed=1) for _ in range(2)]
    world.sync()
    [record, other] = SyncRecord.objects.all()
    [tax] = passed_taxes(record.date.replace(day=1), max(record.date, other.date))
    charged = sum(world.read(order).tax_total for order in placed)
    assert (tax.orders, sum(tax.tax.values()), tax.flow) == (2, charged, "orders")
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert PassedTax.objects.count() == 2
    TaxRow.objects.create(name=tax.name, to="Sales tax")
    assert passed_taxes(record.date.replace(day=1), record.date) == []


def test_a_new_name_in_the_table_leaves_what_is_posted_as_it_is(world: World) -> None:
    world.place(kind="simple")
    world.sync()
    [before] = names(world.invoices)
    TaxRow.objects.create(name=before, to="Other name")
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert (outcomes(), agree(), names(world.invoices)) == ({("posted", "")}, True, {before})


def test_the_lookup_table_of_names_is_asked_where_the_tax_table_has_no_row(world: World) -> None:
    world.place(kind="two_rates", seed=1)
    world.sync()
    first, *rest = sorted(names(world.invoices))
    lookup = Lookup.objects.create(name="taxes")
    for name in (first, *rest):
        LookupRow.objects.create(lookup=lookup, key=name, value=f"Listed {name}")
    TaxRow.objects.create(name=first, to="In the table")
    world.start_over()
    world.place(kind="two_rates", seed=1)
    world.sync()
    assert outcomes() == {("posted", "")}
    assert names(world.invoices) == {"In the table", *(f"Listed {name}" for name in rest)}


# --- rates ---


def test_an_order_waits_for_its_rate_and_takes_its_like_along(make_world: Make) -> None:
    world = make_world(**TO_GBP)
    for _ in range(2):
        world.place(kind="partial_refund", seed=3)
    world.sync()
    assert outcomes() == {("held", "no_rate")}
    first, _ = SyncRecord.objects.all()
    assert decisions.add_rate(first, rate(first, "1.0837", days_before=2), None) == 1
    world.work()
    assert (outcomes(), agree()) == ({("posted", "")}, True)
    assert {invoice["currency_code"] for invoice in world.invoices} == {"GBP"}
    assert all("at 1.0837 (the bank, " in invoice["notes"] for invoice in world.invoices)
    assert Posting.objects.filter(resource="invoice").first().rate["rate"] == "1.083700000000"  # type: ignore[union-attr]


def test_a_rate_that_is_too_old_is_none(make_world: Make) -> None:
    world = make_world(**TO_GBP, rate_days=1)
    world.place(kind="simple", seed=3)
    world.sync()
    record = world.record()
    decisions.add_rate(record, rate(record, "1.1", days_before=2), None)
    world.work()
    assert outcomes() == {("held", "no_rate")}


def test_what_comes_later_is_converted_by_the_rate_of_its_invoice(make_world: Make) -> None:
    """The rate table is corrected, and the flow itself no longer converts: the receivable closes all the same."""
    world = make_world(**TO_GBP)
    order = world.place(kind="shipped_unpaid", seed=5)
    world.sync()
    record = world.record()
    decisions.add_rate(record, rate(record, "1.0837"), None)
    world.work()
    Rate.objects.update(rate=Decimal("7.77"))
    world.set_policy(currency="transaction")
    number = world.number(order)
    world.place(capture_some=number)
    world.sync()
    world.place(capture=number)
    world.sync()
    world.place(refund=number)
    world.sync()
    assert (outcomes(), agree()) == ({("posted", "")}, True)
    [invoice] = world.invoices
    total = Decimal(invoice["amount"]["amount"])
    paid = [Decimal(one["amount"]["amount"]) for one in world.payments]
    assert len(paid) == 2 and sum(paid) == total
    assert sum(Decimal(one["amount"]["amount"]) for one in world.credit_notes) == total
    assert {one["currency_code"] for one in (*world.invoices, *world.credit_notes)} == {"GBP"}


def test_the_stores_own_currency_is_booked_by_the_stores_own_rate(make_world: Make) -> None:
    world = make_world(currency="base")
    said = world.read(world.place(kind="foreign_currency"))
    if said.base_currency is None:
        pytest.skip("this store says nothing of a currency or a rate of its own")
    world.sync()
    assert (outcomes(), agree()) == ({("posted", "")}, True)
    [invoice] = world.invoices
    assert said.base_rate and invoice["currency_code"] == said.base_currency != said.currency
    assert "the store's own rate" in invoice["notes"]
    assert abs(Decimal(invoice["amount"]["amount"]) - said.total / said.base_rate) <= Decimal("0.05")


@pytest.mark.parametrize("how", ["adjust", "reinvoice"])
def test_an_edit_is_booked_by_the_rate_of_the_invoice_that_it_is_an_edit_of(make_world: Make, how: Any) -> None:
    def by(rate: str) -> dict[str, Any]:
        return {**TO_GBP, "rates": [{"currency": one, "rate": rate} for one in ("USD", "EUR", "CAD", "KWD", "JPY")]}

    world = make_world(**by("1.0837"))
    order = place(world, {"a": 100, "b": 20})
    world.set_policy(**by("7.77"))
    decisions.retry(SyncRecord.objects.all())
    world.work()
    assert outcomes() == {("posted", "")}  # a rate is no edit
    edit(world, order, {"a": 90, "c": 5})
    decisions.retry(SyncRecord.objects.all())
    world.work()
    record = world.record()
    assert (record.reason, record.problem["lines"][0]) == ("edited_after_posting", "a: 108.37 → 97.53")
    decisions.follow_edit(record, how, record.problem["digest"], None)
    world.work()
    assert (outcomes(), agree()) == ({("posted", "")}, True)
    assert world.record().total == Decimal("102.95")  # 95.00 at 1.0837
    assert all("at 1.0837 (" in invoice["notes"] for invoice in world.invoices)
