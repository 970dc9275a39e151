"""Payments without a reference: told apart by amount, date and customer; never twice, and always to the cent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.books.reconciliation.likeness import Due, Loose
from hub.books.reconciliation.matching import Match, matches

DAY = dt.date(2026, 3, 10)
CERTAIN = 90


def due(key: str, amount: str = "100.00", **more: Any) -> Due:
    usual = {"currency": "USD", "date": DAY, "who": "Ada Okafor", "client_id": "7", "invoice_id": f"i{key}"}
    return Due(key=key, amount=Decimal(amount), **{**usual, **more})


def loose(id: str, amount: str = "100.00", **more: Any) -> Loose:
    usual = {"currency": "USD", "date": DAY, "client": "Ada Okafor", "client_id": "7"}
    return Loose(id=id, amount=Decimal(amount), **{**usual, **more})


def told(found: list[Match]) -> list[tuple[list[str], list[str]]]:
    return [([one.key for one in match.dues], [one.id for one in match.payments]) for match in found]


def test_the_same_amount_on_the_very_invoice_is_certain() -> None:
    [match] = matches([due("a")], [loose("1", invoice_id="ia", date=DAY + dt.timedelta(days=4))])
    assert match.confidence >= CERTAIN
    assert match.reasons == ("the same amount", "the same client", "4 days apart", "on the very invoice")


def test_a_reference_in_the_note_makes_certain() -> None:
    [match] = matches([due("a", references=("txn-991",))], [loose("1", note="transfer TXN-991, thanks")])
    assert match.confidence >= CERTAIN and "the note names txn-991" in match.reasons


def test_amount_client_and_day_alone_are_not_certain() -> None:
    [match] = matches([due("a")], [loose("1")])
    assert 50 <= match.confidence < CERTAIN


def test_a_name_that_is_much_alike_counts() -> None:
    [match] = matches([due("a", client_id="")], [loose("1", client_id="", client="OKAFOR, Ada (Ms)")])
    assert any("alike" in reason for reason in match.reasons)


def test_another_customer_s_payment_of_the_same_amount_much_later_is_none() -> None:
    far = loose("1", client_id="8", client="Bruno Keller", date=DAY + dt.timedelta(days=20))
    assert matches([due("a")], [far]) == []


def test_where_two_would_do_nobody_is_certain() -> None:
    found = matches([due("a", invoice_id="x"), due("b", invoice_id="x")], [loose("1", invoice_id="x")])
    [match] = found
    assert match.confidence < CERTAIN and "another one would do as well" in match.reasons


def test_one_deposit_pays_several_orders() -> None:
    dues = [due("a", "60.00"), due("b", "30.50"), due("c", "12.00")]
    assert told(matches(dues, [loose("1", "102.50")])) == [(["a", "b", "c"], ["1"])]


def test_several_payments_pay_one_order() -> None:
    found = matches(
        [due("a", invoice_id="ia")], [loose("1", "40.00", invoice_id="ia"), loose("2", "60.00", invoice_id="ia")]
    )
    assert told(found) == [(["a"], ["1", "2"])]
    assert found[0].confidence >= CERTAIN


def test_currencies_are_never_mixed() -> None:
    assert matches([due("a", currency="EUR")], [loose("1")]) == []


amounts = st.sampled_from(["10.00", "20.00", "30.00", "35.05", "50.00", "65.05"])
days = st.integers(0, 40).map(lambda days: DAY + dt.timedelta(days=days))
people = st.sampled_from([("7", "Ada Okafor"), ("8", "Bruno Keller"), ("", "Chidi Marsh")])


@st.composite
def sides(draw: st.DrawFn) -> tuple[list[Due], list[Loose]]:
    dues = [
        due(f"d{number}", draw(amounts), date=draw(days), client_id=who[0], who=who[1])
        for number, who in enumerate(draw(st.lists(people, max_size=7)))
    ]
    payments = [
        loose(f"p{number}", draw(amounts), date=draw(days), client_id=who[0], client=who[1])
        for number, who in enumerate(draw(st.lists(people, max_size=7)))
    ]
    return dues, payments


@settings(max_examples=200, deadline=None)
@given(sides())
def test_nothing_is_used_twice_and_every_match_adds_up(both: tuple[list[Due], list[Loose]]) -> None:
    found = matches(*both)
    used = [one.id for match in found for one in match.payments] + [one.key for match in found for one in match.dues]
    assert len(used) == len(set(used))
    for match in found:
        assert match.amount == sum((one.amount for one in match.dues), Decimal(0))
        assert len({one.currency for one in (*match.dues, *match.payments)}) == 1
        assert min(len(match.dues), len(match.payments)) == 1
        assert 50 <= match.confidence <= 100 and match.reasons


@settings(max_examples=100, deadline=None)
@given(sides(), st.randoms())
def test_the_order_of_the_lists_does_not_matter(both: tuple[list[Due], list[Loose]], dice: Any) -> None:
    found = matches(*both)
    for side in both:
        dice.shuffle(side)
    assert matches(*both) == found
