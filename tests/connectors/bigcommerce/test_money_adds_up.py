"""Whatever is sold and given back, the lines add up: by the sandbox's own arithmetic, and by payloads as odd as they come."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.bigcommerce.reading import rounded, rounded_together
from connectors.bigcommerce.sale import order_from
from connectors.bigcommerce.sandbox import sandbox
from connectors.bigcommerce.sandbox.kinds import KINDS, RARE
from connectors.bigcommerce.sandbox.shop import PARTS
from tests.connectors.bigcommerce.rows import line, off, order, parsed

CENT = Decimal("0.01")
cents = st.integers(0, 100_000).map(lambda amount: Decimal(amount) / 100)
quarters = st.integers(0, 10_000_000).map(lambda amount: f"{Decimal(amount) / 10_000:.4f}")
maybe = st.one_of(st.none(), quarters)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted({**KINDS, **RARE})), st.integers(0, 10**6))
@example("refund_with_fee", 1422)  # a piece of a line is a cent less than its part, and the shop keeps a fee besides
def test_every_kind_of_order_adds_up_to_its_total_and_its_tax(kind: str, seed: int) -> None:
    store = sandbox()
    placed = store.place({"kind": kind, "seed": seed})
    raw: dict[str, Any] = {name: store.shop.parts[name][placed["id"]] for name in PARTS}
    found = order_from({**raw, "order": store.shop.orders[placed["id"]], "hub": {"timezone": "UTC"}})
    assert found.lines_total == found.total == Decimal(placed["total_inc_tax"])
    assert (found.residual, found.tax_total) == (0, Decimal(placed["total_tax"]))
    for back in found.refunds:
        assert back.lines_total == back.total
    store.close()


@given(st.lists(st.integers(-(10**6), 10**6).map(lambda parts: Decimal(parts) / 10_000), max_size=9))
def test_amounts_rounded_together_come_to_their_sum_and_none_is_a_cent_off(amounts: list[Decimal]) -> None:
    found = rounded_together(amounts, "USD")
    assert sum(found, Decimal(0)) == rounded(sum(amounts, Decimal(0)), "USD")
    assert all(abs(one - amount) <= CENT for one, amount in zip(found, amounts, strict=True))


def test_wrapping_is_given_back_with_all_products() -> None:
    store = sandbox()
    placed = store.place({"kind": "extras", "seed": 1})
    store.place({"refund": placed["id"]})
    raw: dict[str, Any] = {name: store.shop.parts[name][placed["id"]] for name in PARTS}
    [back] = order_from({**raw, "order": store.shop.orders[placed["id"]], "hub": {"timezone": "UTC"}}).refunds
    assert (back.residual, back.lines_total) == (0, Decimal(placed["total_inc_tax"]))
    assert {one["item_type"]: one["requested_amount"] for one in raw["refunds"][0]["items"]}["GIFT_WRAPPING"] is None
    store.close()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(quarters, quarters, maybe, maybe, maybe), max_size=6),
    cents,
    st.sampled_from([True, False, None]),
)
def test_lines_and_residual_are_the_total_however_odd_the_payload(
    lines: list[tuple[str, str, str | None, str | None, str | None]], total: Decimal, inclusive: bool | None
) -> None:
    """What the lines do not explain is said, to the cent, and never lost."""
    made = [
        line(id, ex, inc, tax=tax or "0", after=after, applied_discounts=[off(less)] if less else None)
        for id, (ex, inc, tax, after, less) in enumerate(lines, start=1)
    ]
    found = parsed(order(str(total), is_tax_inclusive_pricing=inclusive), *made)
    assert found.lines_total + found.residual == found.total == total
    assert abs(found.residual) > CENT * len(found.lines) or found.residual == 0
    assert all(one.net.as_tuple().exponent == -2 and one.tax.as_tuple().exponent >= -2 for one in found.lines)  # type: ignore[operator]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), maybe), min_size=1, max_size=3),
    cents,
    st.integers(-500, 5_000),
    st.integers(0, 10**6),
)
def test_a_refund_adds_up_whatever_it_says(
    items: list[tuple[int, int, str | None]], total: Decimal, tax: int, seed: int
) -> None:
    dice = random.Random(seed)
    asked = [
        {"item_type": dice.choice(("PRODUCT", "SHIPPING", "ORDER", "TAX")), "item_id": id, "quantity": quantity}
        | {"requested_amount": amount}
        for id, quantity, amount in items
    ]
    given_back = {"id": 1, "created": "2026-03-02T09:00:00+00:00", "total_amount": total, "items": asked}
    sold = [line(id, "30.0000", "33.3333", quantity=3) for id in (1, 2, 3)]
    found = parsed(order("99.9999", "9.9999"), *sold, refunds=[{**given_back, "total_tax": Decimal(tax) / 100}])
    assert len(found.refunds) == (total > 0)
    for back in found.refunds:
        assert back.lines_total + back.residual == back.total == total
