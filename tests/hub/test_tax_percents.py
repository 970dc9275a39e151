"""Percents that make the store's tax under whatever rule the books round by, from an order to its invoice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from connectors.base import Notice
from hub.books.agreement import agreement
from hub.flows import publish
from hub.intake.inbox import accept
from hub.models import Discrepancy, Event, Flow, Posting, SyncRecord
from tests.accounting.orders import PLACED, line, tax
from tests.hub.corner_shop import open_shop
from tests.hub.dying import EVERY, in_a_child, killed_at, time_passes
from tests.hub.world import World

Make = Callable[..., World]
CARRIED = {
    name: {"net": "9.99", "tax": "0.83" if name in "bdfik" else "0.82", "rate": "8.25"} for name in "abcdefghijkl"
}
"""8.25 % of a row is 0.82, and what is rounded away is carried to the next row: 9.89 in all, as of the sum."""


def _agrees() -> bool:
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    return agreement(days[0], days[-1]).agree


def _outcome() -> tuple[str, str]:
    return SyncRecord.objects.values_list("state", "reason").get()


def _reconcile(world: World) -> None:
    day = str(world.record().date)
    call_command("reconcile", world.flow.name, "--from", day, "--to", day)


def _percents(document: dict[str, Any]) -> set[str]:
    return {line["taxAmount1"] for line in document["lines"] if line["taxName1"]}


def _names(document: dict[str, Any]) -> set[str]:
    return {line["name"] for line in document["lines"]}


def test_the_store_carries_cents_and_the_books_add_up_first(world: World) -> None:
    world.place(kind="shipped_unpaid", lines=CARRIED)
    world.sync()
    [invoice] = world.invoices
    assert (_outcome(), _agrees()) == (("posted", ""), True)
    assert _percents(invoice) == {"8.25"}
    assert "Rounding" not in _names(invoice)


@pytest.mark.parametrize("negative", ["allow", "refuse"])
def test_the_store_carries_cents_and_the_books_round_each_line(world: World, negative: str) -> None:
    world.books.switch.update(rounding_point="line", negative_lines=negative)
    world.place(kind="shipped_unpaid", lines=CARRIED)
    world.sync()
    [invoice] = world.invoices
    assert (_outcome(), _agrees()) == (("posted", ""), True)
    assert _percents(invoice) == {"8.25", "8.308"}
    assert "Rounding" not in _names(invoice)
    posting = Posting.objects.get(resource="invoice")
    assert posting.note == "percents of each line alone"
    assert {tax["percent"] for line in posting.document["lines"] for tax in line["taxes"]} == {"8.25", "8.308"}
    _reconcile(world)
    assert list(Discrepancy.objects.all()) == []


def test_a_large_amount_is_not_held_for_a_percent_that_lacks_decimals(world: World) -> None:
    """15.474 % of it is 0.06 more, 15.473 % is 0.19 less."""
    world.place(kind="shipped_unpaid", lines={"a": {"net": "25432.10", "tax": "3935.30", "rate": "15.4738"}})
    world.sync()
    [invoice] = world.invoices
    assert (_outcome(), _agrees()) == (("posted", ""), True)
    assert Decimal(invoice["amount"]["amount"]) == Decimal("29367.40")
    assert [line["unit_cost"]["amount"] for line in invoice["lines"] if line["name"] == "Rounding"] == ["-0.06"]
    _reconcile(world)
    assert list(Discrepancy.objects.all()) == []


@pytest.mark.points
def test_a_draft_between_two_kinds_of_percents_survives_a_kill_at_any_point(world: World) -> None:
    """The percents of each line alone are not enough where the books round down: a rounding line has to follow."""
    world.books.switch.update(rate_window=0, rounding_point="line", rounding_mode="down")
    point, killed = 1, True
    while killed:
        world.start_over()
        world.place(kind="shipped_unpaid", lines=CARRIED)
        world.poll()
        killed = killed_at(point, world.work)
        time_passes()
        in_a_child(lambda: world.work(patience=10))
        assert (_outcome(), _agrees()) == (("posted", ""), True), f"killed at {point}"
        assert len(world.invoices) == 1, f"killed at {point}"
        point += max(5, EVERY)


@pytest.mark.parametrize("seed", [3, 4])
def test_a_fee_kept_back_from_a_refund_is_credited_by_books_that_refuse_negative_lines(world: World, seed: int) -> None:
    world.books.switch["negative_lines"] = "refuse"
    [refund] = world.read(world.place(kind="refund_with_fee", seed=seed)).refunds
    [fee] = [line.name for line in refund.lines if line.net < 0]
    world.sync()
    assert (_outcome(), _agrees()) == (("posted", ""), True)
    [credit] = world.credit_notes
    assert any(f"including {fee}" in line["description"] for line in credit["lines"])


# --- tax on tax ---

CANADIAN = line("25432.10", "0", taxes=(tax("GST", "5", "1271.61"), tax("QST", "9.975", "2663.69")))


def _sell(world: World, *lines: Any) -> None:
    """In a shop that tells two taxes for each of its lines."""
    shop, script = open_shop("canadian")
    script.parsed, script.lines = lambda id: PLACED, lambda id: lines
    Flow.objects.filter(source=shop).delete()
    world.flow.source = shop
    world.flow.steps = [step for step in world.flow.steps if step["name"] != "write_back"]
    world.flow.save()
    publish(world.flow)
    accept(shop, Notice("order", "12"), door=Event.Door.POLL)
    world.work()


@pytest.mark.usefixtures("corner_shop")
def test_a_tax_on_tax_is_booked_at_its_own_rate(world: World) -> None:
    _sell(world, CANADIAN)
    assert (_outcome(), _agrees()) == (("posted", ""), True)
    [[sold]] = (invoice["lines"] for invoice in world.invoices)
    assert (sold["taxAmount1"], sold["taxAmount2"], sold["compounded_tax"]) == ("5", "9.975", True)


@pytest.mark.usefixtures("corner_shop")
def test_books_that_know_no_tax_on_tax_get_what_it_comes_to(world: World) -> None:
    world.books.switch["compounded_tax"] = "ignore"
    _sell(world, CANADIAN)
    assert (_outcome(), _agrees()) == (("posted", ""), True)
    [[sold, rounding]] = (invoice["lines"] for invoice in world.invoices)
    assert (sold["taxAmount1"], sold["taxAmount2"], rounding["name"]) == ("5", "10.474", "Rounding")
    assert Decimal(world.invoices[0]["amount"]["amount"]) == CANADIAN.gross
