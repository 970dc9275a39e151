"""Sources that only say how much went back in all: what was credited stands, and the rest is a refund of its own."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from connectors.documents import Order, Refund
from hub.accounting.growing import in_portions
from tests.accounting.orders import order


def grown(total: str, *, in_all: bool = True) -> Order:
    sold = order()
    refund = Refund(
        id="r",
        number="RF-1",
        order_id=sold.id,
        currency=sold.currency,
        date=sold.date,
        refunded_at=sold.placed_at,
        lines=(),
        total=Decimal(total),
        in_all=in_all,
    )
    return sold.model_copy(update={"refunds": (refund,)})


def portions(found: Order) -> list[tuple[str, str, Decimal]]:
    return [(refund.id, refund.number, refund.total) for refund in found.refunds]


def test_each_growth_is_a_refund_of_its_own() -> None:
    assert portions(in_portions(grown("5.00"), {})) == [("r", "RF-1", Decimal("5.00"))]
    twice = in_portions(grown("12.00"), {"r": Decimal("5.00")})
    assert portions(twice) == [("r", "RF-1", Decimal("5.00")), ("r+2", "RF-1-2", Decimal("7.00"))]
    again = in_portions(grown("12.00"), {"r": Decimal("5.00"), "r+2": Decimal("7.00")})
    assert portions(again) == portions(twice)


def test_a_source_that_lists_its_refunds_is_left_alone() -> None:
    listed = grown("12.00", in_all=False)
    assert in_portions(listed, {"r": Decimal("5.00")}) == listed


@given(growth=st.lists(st.decimals("0.01", "99.99", places=2), min_size=1, max_size=6))
def test_however_it_grows_its_portions_are_its_sum(growth: list[Decimal]) -> None:
    credited: dict[str, Decimal] = {}
    whole = Decimal(0)
    for more in growth:
        whole += more
        found = in_portions(grown(str(whole)), credited)
        assert sum(refund.total for refund in found.refunds) == whole
        assert len({refund.id for refund in found.refunds}) == len(found.refunds)
        credited = {refund.id: refund.total for refund in found.refunds}
    assert list(credited.values()) == growth
