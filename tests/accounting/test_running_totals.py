"""Money of which a source says only the sum: it grows, turns up under a name of its own, and is taken back again. What is
recorded follows that sum, whatever was seen when, and is never more."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.documents import Order, Payment
from hub.accounting.parts import growth, growth_number
from hub.accounting.policy import FixedRate, Policy
from hub.accounting.rates import Booked
from hub.accounting.running_total import booked_payments
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.accounting.wanted import Conversion, Wanted
from tests.accounting.orders import CENT, line, order, payment

ZERO = Decimal(0)
RATE = Decimal("1.0837")
CONVERSION = Conversion(given="EUR", currency="USD", rate=RATE, source="by hand")
CONVERT = Policy(currency="convert", convert_to="USD", rates=(FixedRate(currency="EUR", rate=RATE),))


@dataclass
class Store:
    """Over 1,000.00 EUR. Names its payments as soon as it has an invoice; before that it tells their sum alone."""

    paid: Decimal = ZERO
    invoices: dict[str, Decimal] = field(default_factory=dict)
    voided: int = 0

    def told(self) -> Order:
        total = payment(str(self.paid), "order-12")
        listed = tuple(payment(str(amount), id) for id, amount in self.invoices.items())
        untold = () if listed or self.voided or not self.paid else (total,)
        return order(line("1000.00", "0"), payments=listed or untold, paid=total if self.paid else None)


@dataclass
class Books:
    """Records what is wanted; whoever keeps them deletes what was taken back."""

    terms: Terms = field(default_factory=Terms)
    recorded: dict[str, Decimal] = field(default_factory=dict)

    def run(self, store: Store, *, dies_after: int = 99) -> Wanted:
        wanted = self._want(store)
        while wanted.withdrawn:
            del self.recorded[wanted.withdrawn[0].part]
            wanted = self._want(store)
        new = [one for one in wanted.payments if one.part not in self.recorded]
        self.recorded |= {one.part: one.amount for one in new[:dies_after]}
        return wanted

    def _want(self, store: Store) -> Wanted:
        terms = Terms(policy=self.terms.policy, booked=self.terms.booked, recorded=dict(self.recorded))
        return want(store.told(), terms)

    @property
    def sum(self) -> Decimal:
        return sum(self.recorded.values(), ZERO)


def happens(store: Store, event: str, share: int) -> None:
    """`share` of a hundred of what there is room for."""
    unnamed = store.paid - sum(store.invoices.values(), ZERO)
    room = {"pay": 1000 - store.paid, "capture": 1000 - store.paid, "name": unnamed}.get(event, ZERO)
    amount = (room * share / 100).quantize(CENT)
    if event == "void" and store.invoices:
        store.paid -= store.invoices.popitem()[1]
        store.voided += 1
    elif event == "fall" and not store.invoices:
        store.paid -= (store.paid * share / 100).quantize(CENT)
    elif amount > 0:
        store.paid += amount if event != "name" else 0
        if event != "pay":
            store.invoices[str(500 + len(store.invoices) + store.voided)] = amount


EVENTS = st.tuples(
    st.sampled_from(["pay", "capture", "name", "void", "fall", "run", "run", "die"]), st.integers(1, 100)
)


@given(st.lists(EVENTS, max_size=14))
def test_what_is_recorded_and_what_is_told_to_be_missing_come_to_what_was_paid(events: list[tuple[str, int]]) -> None:
    store, books = Store(), Books()
    for event, share in [*events, ("run", 0)]:
        happens(store, event, share)
        if event in ("run", "die"):
            books.run(store, dies_after=share % 2 if event == "die" else 99)
            assert books.sum <= store.paid
    missing = sum(one.amount for one in books.run(store).findings if one.reason == "payment_missing")
    rounding = CENT * len({*books.recorded, *store.invoices})
    assert 0 <= store.paid - books.sum - missing <= (0 if missing else rounding)


@given(st.lists(EVENTS.filter(lambda event: event[0] not in ("void", "fall")), max_size=10))
def test_converted_sums_follow_as_well_to_a_unit_for_each_payment(events: list[tuple[str, int]]) -> None:
    store, books = Store(), Books(Terms(policy=CONVERT, booked=Booked("USD", CONVERSION)))
    for event, share in [*events, ("run", 0)]:
        happens(store, event, share)
        if event == "run":
            assert not want(
                store.told(), Terms(policy=CONVERT, booked=books.terms.booked, recorded=books.recorded)
            ).withdrawn
            books.run(store)
            assert books.sum <= store.paid * RATE + CENT * (len(books.recorded) + 1)


def test_a_sum_that_grew_is_numbered_on() -> None:
    store, books = Store(), Books()
    for paid in ("20.00", "20.00", "70.00", "70.00", "100.00"):
        store.paid = Decimal(paid)
        books.run(store)
    assert books.recorded == {"order-12": 20, "order-12-2": 50, "order-12-3": 30}


def test_what_is_kept_stands_for_the_sum_that_does_not_bear_it_any_more() -> None:
    store = Store(paid=Decimal("35.00"))
    recorded = {"order-12": Decimal(20), "order-12-2": Decimal(30)}
    assert _amounts(booked_payments(store.told(), recorded)) == {"order-12": 20, "order-12-3": 15}
    assert _amounts(booked_payments(store.told(), recorded, frozenset({"order-12-2"}))) == recorded


def test_of_a_listed_payment_only_what_the_sum_does_not_stand_for_is_asked_for() -> None:
    store = Store(paid=Decimal("30.00"), invoices={"501": Decimal("30.00")})
    first = {"order-12": Decimal(20)}
    assert _amounts(booked_payments(store.told(), first)) == {"order-12": 20, "501": 10}
    assert _amounts(booked_payments(store.told(), {**first, "501": Decimal(10)})) == {"order-12": 20, "501": 10}


def test_a_payment_that_is_not_listed_any_more_is_taken_back_and_a_tender_never() -> None:
    recorded = {"501": Decimal(20), "gift_card-1": Decimal(5), "502": Decimal(10)}
    given = order(line("100.00", "0"), payments=(payment("10.00", "502"),))
    assert [(one.resource, one.part) for one in want(given, Terms(recorded=recorded)).withdrawn] == [("payment", "501")]


@pytest.mark.parametrize(("total", "missing"), [("120.00", [20]), ("100.00", []), ("80.00", [])])
def test_what_a_status_claims_stays_what_was_recorded_whatever_the_order_is_edited_to(
    total: str, missing: list[int]
) -> None:
    given = order(line(total, "0"), payments=(payment(total, "order-12", claimed=True),))
    wanted = want(given, Terms(recorded={"order-12": Decimal(100)}))
    assert [(one.part, one.amount) for one in wanted.payments] == [("order-12", 100)]
    assert wanted.withdrawn == ()
    assert [one.amount for one in wanted.findings] == missing


def test_a_flow_that_books_no_payments_misses_none() -> None:
    store = Store(paid=Decimal("30.00"), invoices={"501": Decimal("10.00")})
    assert [one.amount for one in want(store.told(), Terms()).findings] == [20]
    assert want(store.told(), Terms(policy=Policy(payments="off"))).findings == ()


def _amounts(payments: list[Payment]) -> dict[str, Decimal]:
    return {one.id: one.amount for one in payments}


@pytest.mark.parametrize("number", [1, 2, 17])
def test_the_number_of_what_a_sum_grew_by_is_found_in_its_name(number: int) -> None:
    assert growth_number("order-12", growth("order-12", number)) == number


@pytest.mark.parametrize("part", ["501", "order-1", "order-123", "order-12-", "gift_card-1"])
def test_other_payments_are_no_part_of_the_sum(part: str) -> None:
    assert growth_number("order-12", part) == 0
