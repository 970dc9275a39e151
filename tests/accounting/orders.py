"""Orders made up for tests: plain ones by hand, and any at all by hypothesis."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st

from connectors.documents import Line, Order, Payment, Refund, Tax

PLACED = dt.datetime(2026, 3, 2, 23, 40, tzinfo=dt.UTC)
CENT = Decimal("0.01")


def line(net: str = "40.00", tax: str = "7.20", rate: str | None = "20", **more: Any) -> Line:
    taxes = (Tax(name="VAT", rate=Decimal(rate) if rate else None, amount=Decimal(tax)),) if Decimal(tax) else ()
    given = {"id": "1", "name": "Tee", "sku": "TEE", "unit_price": Decimal(net), "net": Decimal(net), "taxes": taxes}
    return Line(**{**given, **more})


def tax(name: str, rate: str, amount: str) -> Tax:
    return Tax(name=name, rate=Decimal(rate), amount=Decimal(amount))


def order(*lines: Line, **more: Any) -> Order:
    lines = lines or (line(net="36.00"),)
    total = sum((one.gross for one in lines), Decimal(0))
    given: dict[str, Any] = {
        "id": "12",
        "number": "000000015",
        "stage": "accepted",
        "placed_at": PLACED,
        "date": PLACED.date(),
        "timezone": "UTC",
        "currency": "EUR",
        "email": "Ada@Example.com ",
        "lines": lines,
        "total": total,
    }
    return Order(**{**given, **more})


def payment(amount: str, id: str = "501", **more: Any) -> Payment:
    given = {"order_id": "12", "currency": "EUR", "method": "checkmo", "paid_at": PLACED, "date": PLACED.date()}
    return Payment(id=id, amount=Decimal(amount), **{**given, **more})


def refund(*lines: Line, id: str = "91", **more: Any) -> Refund:
    given: dict[str, Any] = {
        "number": f"2000000{id}",
        "order_id": "12",
        "currency": "EUR",
        "date": dt.date(2026, 3, 5),
        "refunded_at": PLACED + dt.timedelta(days=3),
        "total": sum((one.gross for one in lines), Decimal(0)),
    }
    return Refund(id=id, lines=lines, **{**given, **more})


cents = st.integers(0, 500_000).map(lambda value: Decimal(value) * CENT)
rates = st.sampled_from([Decimal(text) for text in ("0", "5", "7", "8.25", "19", "20", "7.375", "2.9")])


@st.composite
def lines(draw: st.DrawFn, number: int = 0) -> Line:
    """Quantity, discount, up to three taxes, each a cent off now and then as vendors' rounding leaves them."""
    quantity = Decimal(draw(st.integers(1, 12)))
    price = draw(cents)
    discount = draw(st.sampled_from([Decimal(0), Decimal("0.1"), Decimal(1)])) * price * quantity
    discount = discount.quantize(CENT, ROUND_HALF_UP)
    net = price * quantity - discount
    taxes = []
    for position in range(draw(st.integers(0, 3))):
        rate = draw(rates)
        exact = (net * rate / 100).quantize(CENT, ROUND_HALF_UP)
        amount = max(exact + draw(st.sampled_from([0, 0, 0, 1, -1])) * CENT, Decimal(0)) if exact else exact
        taxes.append(Tax(name=f"Tax {position}", rate=rate, amount=amount))
    return Line(
        id=str(number),
        name=f"Thing {number}",
        sku=f"SKU-{number}",
        quantity=quantity,
        unit_price=price,
        discount=discount,
        net=net,
        taxes=tuple(taxes),
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    count = draw(st.integers(1, 6))
    made = [draw(lines(number)) for number in range(count)]
    residual = draw(st.sampled_from([0, 0, 0, 1, -1])) * CENT
    total = sum((one.gross for one in made), Decimal(0)) + residual
    if total <= 0:
        made = [*made, line("10.00", "0", id="last")]
        total = sum((one.gross for one in made), Decimal(0)) + residual
    return order(*made, total=total, residual=residual)
