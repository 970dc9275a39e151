"""Books without items, without negative lines, with other currencies: learned once, and the sums still hold."""

from __future__ import annotations

from collections.abc import Callable

from hub.books.agreement import agreement
from hub.models import SyncRecord
from tests.hub.world import World

Make = Callable[..., World]


def agree() -> bool:
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    return agreement(days[0], days[-1]).agree


def states() -> set[tuple[str, str]]:
    return set(SyncRecord.objects.values_list("state", "reason"))


def test_books_without_items_are_asked_once(world: World) -> None:
    world.books.switch["items"] = "off"
    world.place()
    world.sync()
    assert (states(), agree()) == ({("posted", "")}, True)
    world.books.log.clear()
    world.place()
    world.sync()
    assert not [path for _, path, _ in world.books.log if "items" in path]


def test_books_that_refuse_negative_lines_get_the_rounding_folded_in(world: World) -> None:
    world.books.switch.update(negative_lines="refuse", rounding_point="line", rounding_mode="half_up")
    for _ in range(15):
        world.place(kind="mixed_rates")
    world.sync()
    assert (states(), agree()) == ({("posted", "")}, True)


def test_a_discount_as_a_line_of_its_own_is_learned_to_be_refused(make_world: Make) -> None:
    world = make_world(discounts="line")
    world.books.switch["negative_lines"] = "refuse"
    world.place(kind="coupon")
    world.sync()
    assert (states(), agree()) == ({("posted", "")}, True)
    world.target.refresh_from_db()
    assert world.target.learned == {"negative_lines": False}


def test_a_converted_order_agrees_in_the_books_currency(make_world: Make) -> None:
    rates = [{"currency": "CAD", "rate": "0.7312"}, {"currency": "EUR", "rate": "1.09"}]
    world = make_world(currency="convert", convert_to="USD", rates=rates)
    world.place(kind="foreign_currency")
    world.place(kind="partial_refund")
    world.sync()
    assert (states(), agree()) == ({("posted", "")}, True)
    assert {invoice["currency_code"] for invoice in world.invoices} == {"USD"}


def test_tax_as_lines_needs_no_rounding(make_world: Make) -> None:
    world = make_world(tax_style="lines")
    world.books.switch.update(rounding_point="line", rounding_mode="down")
    for _ in range(10):
        world.place(kind="mixed_rates")
    world.sync()
    assert (states(), agree()) == ({("posted", "")}, True)
    assert not [line for invoice in world.invoices for line in invoice["lines"] if line["name"] == "Rounding"]


def test_a_step_that_may_fail_never_takes_the_record_with_it(world: World) -> None:
    world.fault(kind="status", status=500, method="POST", path="items", times=-1)
    world.place()
    world.poll()
    world.work(patience=1.0)
    assert states() == {("posted", "")}
    assert len(world.payments) == 1


def test_a_client_deleted_in_the_books_is_made_anew(world: World) -> None:
    world.place(kind="simple", seed=4)
    world.sync()
    client = world.clients[0]
    world.books.place({"client": {"id": client["id"], "vis_state": 1}})
    world.place(kind="simple", seed=4)
    world.sync()
    assert {state for state, _ in states()} == {"posted"}
    assert len(world.clients) == 1
    assert world.clients[0]["id"] != client["id"]
