"""Orders booked in another currency: by which rate, and that everything still adds up to the smallest unit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from connectors.documents import Order, Refund, Tender
from hub.accounting.amounts import minor_unit
from hub.accounting.policy import FixedRate, Policy, policy_from
from hub.accounting.proof import prove_wanted
from hub.accounting.rates import Booked, Quote, quoted
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.accounting.wanted import Conversion, Wanted
from hub.errors import Held
from tests.accounting.orders import PLACED, line, order, orders, payment, refund

DAY = dt.date(2026, 3, 2)
TO_USD = {"currency": "convert", "convert_to": "USD"}


def _quote(rate: str, base: str = "EUR", currency: str = "USD", day: dt.date = DAY) -> Quote:
    return Quote(day, base, currency, Decimal(rate), "the bank")


def _wanted(given: Order, *quotes: Quote, **policy: Any) -> Wanted:
    return want(given, Terms(policy=Policy(**(policy or TO_USD)), quotes=quotes))


def _rate(base: str, currency: str, *quotes: Quote) -> tuple[str, str]:
    found = quoted(base, currency, quotes)
    return (f"{found.rate:f}", found.source) if found else ("", "")


# --- which rate ---


def test_the_rate_is_printed_on_the_document_with_its_source_and_date() -> None:
    invoice = _wanted(order(line("100.00", "0")), _quote("1.0837")).invoice
    assert (invoice.currency, invoice.total) == ("USD", Decimal("108.37"))
    assert "Converted from 100.00 EUR at 1.0837 (the bank, 2026-03-02)." in invoice.notes
    assert invoice.rate == Conversion(given="EUR", currency="USD", rate=Decimal("1.0837"), source="the bank", date=DAY)


def test_the_newest_day_wins_and_on_it_the_very_pair() -> None:
    older = _quote("1.09", day=DAY - dt.timedelta(days=1))
    assert _rate("EUR", "USD", older, _quote("0.92", "USD", "EUR"), _quote("1.08")) == ("1.08", "the bank")


def test_the_opposite_rate_is_turned_around() -> None:
    assert _rate("USD", "EUR", _quote("1.25")) == ("0.8", "the bank")


def test_two_currencies_are_converted_by_way_of_a_third() -> None:
    rates = _quote("1.25"), _quote("0.85", currency="GBP")
    assert _rate("USD", "GBP", *rates) == ("0.68", "the bank, by way of EUR")


def test_two_rates_of_different_days_make_no_rate_together() -> None:
    rates = _quote("1.25"), _quote("0.85", currency="GBP", day=DAY - dt.timedelta(days=1))
    assert _rate("USD", "GBP", *rates) == ("", "")


def test_what_a_person_fixed_comes_before_the_table() -> None:
    rate = FixedRate(currency="EUR", rate=Decimal(2))
    assert _wanted(order(line("10.00", "0")), _quote("1.08"), **TO_USD, rates=(rate,)).invoice.total == 20


def test_without_a_rate_the_order_is_held_and_says_which_is_missing() -> None:
    with pytest.raises(Held) as held:
        _wanted(order())
    assert held.value.reason == "no_rate"
    assert held.value.problem["rate"] == {"from": "EUR", "to": "USD", "date": "2026-03-02", "days": 7}


def test_an_order_in_the_books_currency_is_left_as_it_is() -> None:
    wanted = _wanted(order(currency="USD"))
    assert (wanted.invoice.conversion, wanted.invoice.rate) == ("", None)


# --- the store's own currency ---


def test_the_stores_own_rate_is_taken_the_other_way() -> None:
    given = order(line("125.00", "0"), currency="USD", base_currency="EUR", base_rate=Decimal("1.25"))
    invoice = _wanted(given, currency="base").invoice
    assert (invoice.currency, invoice.total) == ("EUR", 100)
    assert "at 0.8 (the store's own rate of 1.25, 2026-03-02)" in invoice.notes


def test_an_order_in_the_stores_own_currency_is_left_as_it_is() -> None:
    assert _wanted(order(base_currency="EUR", base_rate=Decimal(1)), currency="base").invoice.currency == "EUR"


@pytest.mark.parametrize("told", [{}, {"base_currency": "USD"}, {"base_currency": "USD", "base_rate": Decimal(0)}])
def test_a_store_that_does_not_tell_its_rate_is_held(told: dict[str, Any]) -> None:
    with pytest.raises(Held) as held:
        _wanted(order(**told), currency="base")
    assert held.value.reason == "no_base_rate"


# --- pinned ---


def test_what_belongs_to_an_invoice_is_converted_as_the_invoice_was() -> None:
    """Whatever the table and the flow say by now."""
    was = Conversion(given="EUR", currency="USD", rate=Decimal("1.5"), source="then", date=DAY)
    for policy in (Policy(**TO_USD), Policy()):
        terms = Terms(policy=policy, quotes=[_quote("1.08")], booked=Booked("USD", was))
        wanted = want(order(line("10.00", "0"), payments=(payment("10.00"),)), terms)
        assert (wanted.invoice.total, wanted.payments[0].amount) == (15, 15)


def test_what_was_booked_in_the_orders_currency_stays_in_it() -> None:
    terms = Terms(policy=Policy(**TO_USD), quotes=[_quote("1.08")], booked=Booked("EUR"))
    assert want(order(), terms).invoice.currency == "EUR"


# --- sums ---

RATES = st.decimals("0.001", "2000", places=4)
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])


def _terms(rate: Decimal, currency: str, **more: Any) -> Terms:
    fixed = FixedRate(currency="EUR", rate=rate)
    return Terms(policy=Policy(currency="convert", convert_to=currency, rates=(fixed,)), **more)


def _cut(total: Decimal, parts: int) -> list[Decimal]:
    """In parts, whole cents each, of which the last takes the rest."""
    part = (total / parts).quantize(Decimal("0.01"), "ROUND_DOWN")
    return [one for one in [part] * (parts - 1) + [total - part * (parts - 1)] if one]


def _in_units(amount: Decimal, currency: str) -> bool:
    return amount % minor_unit(currency) == 0


@given(orders(), RATES, CURRENCIES, st.integers(1, 5))
def test_a_paid_order_owes_nothing_and_nothing_is_left_of_a_refunded_one(
    given: Order, rate: Decimal, currency: str, parts: int
) -> None:
    cut = _cut(given.total, parts)
    given = given.model_copy(
        update={
            "payments": tuple(payment(str(one), str(place)) for place, one in enumerate(cut)),
            "refunds": tuple(_back(one, place) for place, one in enumerate(cut)),
        }
    )
    wanted = want(given, _terms(rate, currency))
    prove_wanted(wanted.invoice)
    assert sum(one.amount for one in wanted.payments) == wanted.invoice.total
    assert sum(one.total for one in wanted.credits) == wanted.invoice.total
    for credit in wanted.credits:
        prove_wanted(credit)
        assert all(_in_units(one.amount, currency) for one in credit.lines)
    assert all(_in_units(one.amount, currency) for one in (*wanted.invoice.lines, *wanted.payments))


def _back(amount: Decimal, place: int) -> Refund:
    net = (amount / Decimal("1.2")).quantize(Decimal("0.01"))
    return refund(
        line(str(net), str(amount - net)), id=str(place), total=amount, refunded_at=PLACED + dt.timedelta(days=place)
    )


@example([0, 1, 2, 3], Decimal("0.0053"), 128)
@given(st.permutations(range(4)), RATES, st.integers(4, 99_999))
def test_payments_close_the_invoice_in_whatever_order_they_are_heard_of(
    heard: list[int], rate: Decimal, cents: int
) -> None:
    """Each is posted when it comes, and stands: the next ones take up what rounding left."""
    total = Decimal(cents).scaleb(-2)
    sold = order(line(str(total), "0"))
    every = [payment(str(one), str(place)) for place, one in enumerate(_cut(total, 4))]
    booked: dict[str, Decimal] = {}
    for count in range(1, len(heard) + 1):
        known = tuple(every[place] for place in heard[:count] if place < len(every))
        wanted = want(sold.model_copy(update={"payments": known}), _terms(rate, "USD", recorded=booked))
        booked |= {one.part: one.amount for one in wanted.payments if one.part not in booked}
        assert sum(booked.values()) <= wanted.invoice.total
    assert sum(booked.values()) == wanted.invoice.total


@given(st.permutations(range(3)), RATES, st.integers(300, 99_999))
def test_refunds_close_the_invoice_in_whatever_order_they_are_heard_of(
    heard: list[int], rate: Decimal, cents: int
) -> None:
    total = Decimal(cents).scaleb(-2)
    every = [_back(one, place) for place, one in enumerate(_cut(total, 3))]
    booked: dict[str, Decimal] = {}
    for count in range(1, len(heard) + 1):
        known = tuple(every[place] for place in heard[:count])
        given = order(line(str(total), "0"), refunds=known)
        wanted = want(given, _terms(rate, "USD", credited=booked))
        booked |= {one.part: one.total for one in wanted.credits if one.part not in booked}
    assert sum(booked.values()) == wanted.invoice.total


def test_a_gift_card_and_a_payment_together_pay_the_converted_invoice() -> None:
    tender = Tender(kind="gift_card", amount=Decimal("3.33"))
    given = order(line("10.00", "0"), tenders=(tender,), payments=(payment("6.67"),))
    wanted = want(given, _terms(Decimal("1.0837"), "USD"))
    assert [one.amount for one in wanted.payments] == [Decimal("3.61"), Decimal("7.23")]
    assert wanted.invoice.total == Decimal("10.84")


def test_a_payment_that_is_worth_nothing_in_the_books_is_left_out() -> None:
    given = order(line("100.00", "0"), payments=(payment("0.01", "1"), payment("99.99", "2")))
    wanted = want(given, _terms(Decimal("0.01"), "USD"))
    assert [(one.part, one.amount) for one in wanted.payments] == [("2", 1)]


def test_what_is_cut_of_a_refund_in_yen_has_no_half_yen() -> None:
    sold = order(line("1000", "100"), currency="JPY", total=Decimal(1100))
    back = refund(line("700", "70"), currency="JPY"), refund(line("700", "70"), id="92", currency="JPY")
    _, rest = want(sold.model_copy(update={"refunds": back}), Terms()).credits
    assert rest.total == 330
    assert all(_in_units(amount, "JPY") for one in rest.lines for amount in (one.amount, one.tax))


# --- refused ---


def test_a_document_in_two_currencies_is_refused() -> None:
    with pytest.raises(ValidationError, match="is in EUR but holds amounts in USD"):
        order(payments=(payment("43.20", currency="USD"),))
    with pytest.raises(ValidationError, match="is in EUR but holds amounts in USD"):
        order(refunds=(refund(line(), currency="USD"),))


def test_what_settles_an_invoice_is_in_its_currency() -> None:
    wanted = want(order(payments=(payment("43.20"),)), Terms())
    foreign = wanted.payments[0].model_copy(update={"currency": "USD"})
    with pytest.raises(ValidationError, match="is in EUR but would be settled in USD"):
        Wanted(client=wanted.client, invoice=wanted.invoice, payments=(foreign,))


@pytest.mark.parametrize(("given", "said"), [("", "say into which currency"), ("XQZ", "XQZ is no currency")])
def test_a_flow_converts_into_a_currency_that_there_is(given: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        policy_from({"currency": "convert", "convert_to": given})
