"""Refunds become credit notes, never over more than is left of the invoice; what is odd about them is a finding."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connectors.base import Capabilities
from connectors.documents import Line, Order, Refund
from hub.accounting.amounts import share_unit
from hub.accounting.policy import FixedRate, Policy
from hub.accounting.proof import lines_total, prove_wanted
from hub.accounting.rates import Booked
from hub.accounting.refunds import require_explained
from hub.accounting.shrinking import shrunk
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.accounting.wanted import Conversion, Finding, WantedCredit
from hub.errors import Held
from tests.accounting.orders import CENT, PLACED, line, lines, order, orders, refund

CONVERSION = Conversion(given="EUR", currency="USD", rate=Decimal("1.0837"), source="by hand")
CONVERT = Policy(currency="convert", convert_to="USD", rates=(FixedRate(currency="EUR", rate=Decimal("1.0837")),))


def _sold(*refunds: Refund, **more: Any) -> Order:
    """Over 100.00 EUR."""
    return order(line("80.00", "20.00", rate="25"), refunds=refunds, **more)


def _back(amount: str, id: str = "91", days: int = 3, **more: Any) -> Refund:
    """Money without items."""
    adjustment = line(amount, "0", id="adjustment", kind="adjustment", name="Adjustment refund", sku="")
    return refund(adjustment, id=id, refunded_at=PLACED + dt.timedelta(days=days), **more)


def _credits(given: Order, **terms: Any) -> tuple[WantedCredit, ...]:
    return want(given, Terms(**terms)).credits


def _totals(given: Order, **terms: Any) -> dict[str, str]:
    return {credit.part: str(credit.total) for credit in _credits(given, **terms)}


def _findings(given: Order, **terms: Any) -> list[tuple[str, str, str]]:
    return [(one.reason, str(one.amount), one.currency) for one in want(given, Terms(**terms)).findings]


# --- capped ---


def test_a_refund_above_the_invoice_is_credited_with_what_the_invoice_was_over() -> None:
    [credit] = _credits(_sold(refund(line("96.00", "24.00", rate="25"))))
    assert credit.total == lines_total(credit.lines) == 100
    assert [(one.amount, one.tax) for one in credit.lines] == [(80, 20)]


def test_a_credit_note_that_was_cut_says_what_the_store_refunded_and_what_was_left() -> None:
    [credit] = _credits(_sold(_back("120.00")))
    assert credit.notes == "The store refunded 120.00 EUR; 100.00 EUR of the invoice was left."


def test_a_credit_note_that_was_not_cut_says_nothing_of_it() -> None:
    assert _credits(_sold(_back("100.00")))[0].notes == ""


def test_refunds_are_credited_in_the_order_of_time_until_nothing_is_left() -> None:
    later, first, last = _back("50.00", "1", days=5), _back("70.00", "2", days=4), _back("10.00", "3", days=6)
    assert _totals(_sold(later, first, last)) == {"2": "70.00", "1": "30.00"}


def test_what_the_books_hold_stands_when_an_earlier_refund_comes_to_light() -> None:
    heard, unheard = _back("70.00", "1", days=5), _back("50.00", "2", days=4)
    assert _totals(_sold(heard, unheard), credited={"1": Decimal("70.00")}) == {"2": "30.00", "1": "70.00"}


def test_the_credit_note_of_a_refund_that_was_taken_back_counts_against_what_is_left() -> None:
    """It stands in the books until somebody deletes it there."""
    given, credited = _sold(_back("50.00", "2")), {"1": Decimal("70.00")}
    assert _totals(given, credited=credited) == {"2": "30.00"}
    assert [(one.resource, one.part) for one in want(given, Terms(credited=credited)).withdrawn] == [
        ("credit_note", "1")
    ]


def _credit_withdrawn(given: Order, held: str, **terms: Any) -> bool:
    return bool(want(given, Terms(credited={"91": Decimal(held)}, **terms)).withdrawn)


def test_a_refund_that_became_smaller_after_it_was_credited_is_taken_back() -> None:
    assert _credit_withdrawn(_sold(_back("20.00")), "60.00")
    assert not _credit_withdrawn(_sold(_back("60.00")), "60.00")
    assert not _credit_withdrawn(_sold(_back("60.00")), "20.00")


def test_so_is_one_that_was_converted_but_for_the_unit_of_its_rounding() -> None:
    terms: dict[str, Any] = {"policy": CONVERT, "booked": Booked("USD", CONVERSION)}
    assert _credit_withdrawn(_sold(_back("20.00")), "65.02", **terms)
    assert not _credit_withdrawn(_sold(_back("60.00")), "65.03", **terms)


def test_an_announced_refund_is_not_taken_back() -> None:
    given = _sold(_back("50.00", "2", pending=True))
    assert want(given, Terms(credited={"2": Decimal("50.00")})).withdrawn == ()


def test_a_credit_note_that_was_cut_stays_as_it_is_when_room_appears() -> None:
    given = _sold(_back("120.00"), total=Decimal("150.00"), lines=(line("150.00", "0"),))
    assert _totals(given, credited={"91": Decimal("100.00")}) == {"91": "100.00"}


def test_a_credit_note_that_was_cut_is_built_the_same_again_from_what_the_database_keeps() -> None:
    """Else a worker that died at it would leave a document that seems to have been edited."""
    given = _sold(refund(line("96", "24", rate="25")), lines=(line("100", "0"),), total=Decimal(100))
    first, again = _credits(given)[0], _credits(given, credited={"91": Decimal("100.0000")})[0]
    assert first.model_dump_json() == again.model_dump_json()


def test_the_surplus_of_all_refunds_is_one_finding() -> None:
    given = _sold(_back("70.00", "1"), _back("50.00", "2"), _back("10.00", "3"))
    assert _findings(given) == [("refund_too_large", "30.00", "EUR")]
    [finding] = want(given, Terms()).findings
    assert "130.00 EUR" in finding.message and "100.00 EUR" in finding.message and "30.00 EUR" in finding.message


def test_a_refund_that_is_not_done_yet_takes_nothing_from_the_others() -> None:
    assert _totals(_sold(_back("70.00", "1", pending=True), _back("50.00", "2", days=4))) == {"2": "50.00"}


def test_an_order_refunded_to_the_cent_has_no_finding() -> None:
    assert _findings(_sold(_back("40.00", "1"), _back("60.00", "2"), refunded=Decimal("100.00"))) == []


@given(orders(), st.lists(st.tuples(lines(), st.integers(0, 9), st.sampled_from([-1, 0, 1])), min_size=1, max_size=5))
def test_credit_notes_never_come_to_more_than_the_invoice(given: Order, back: list[tuple[Line, int, int]]) -> None:
    """Whatever was refunded, and whatever its lines leave open."""
    made = [
        refund(one, id=str(place), refunded_at=PLACED + dt.timedelta(days=days), total=one.gross + cents * CENT)
        for place, (one, days, cents) in enumerate(back)
    ]
    wanted = want(given.model_copy(update={"refunds": tuple(made)}), Terms())
    asked = sum((one.total for one in made if one.total > 0), Decimal(0))
    assert sum(credit.total for credit in wanted.credits) == min(asked, given.total)
    assert sum(finding.amount for finding in wanted.findings) == max(asked - given.total, 0)
    for credit in wanted.credits:
        prove_wanted(credit)
        assert credit.total > 0


# --- shrunk ---


@given(st.lists(lines(), min_size=1, max_size=5), st.integers(1, 10_000), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_a_refund_shrinks_in_proportion(given: list[Line], share: int, currency: str) -> None:
    """Each amount is less than the smallest unit away from its exact share; nothing grows, and nothing changes sides."""
    whole = refund(*(one.model_copy(update={"id": str(place)}) for place, one in enumerate(given)), currency=currency)
    total = (whole.total * share / 10_000).quantize(CENT)
    assume(0 < total < whole.total)
    made = shrunk(whole, total)
    assert made.total == made.lines_total == total
    kept = _amounts(made)
    for key, before in _amounts(whole).items():
        after = kept.get(key, Decimal(0))
        assert 0 <= after <= before
        assert abs(after - before * total / whole.total) < share_unit(total, currency)


def _amounts(given: Refund) -> dict[tuple[str, str], Decimal]:
    nets = {(one.id, ""): one.net for one in given.lines}
    return nets | {(one.id, tax.name): tax.amount for one in given.lines for tax in one.taxes}


def test_a_fee_that_the_shop_keeps_shrinks_with_the_rest() -> None:
    fee = line("-10.00", "0", id="fee", name="Adjustment fee", kind="adjustment")
    made = shrunk(refund(line("90.00", "10.00"), fee), Decimal("45.00"))
    assert [(one.net, one.tax) for one in made.lines] == [(45, 5), (-5, 0)]


def test_a_cut_credit_note_does_not_call_the_cut_a_discount() -> None:
    piece = line("60.00", "0", quantity=Decimal(2), unit_price=Decimal("35.00"), discount=Decimal("10.00"))
    given = order(line("40.00", "0"), refunds=(refund(piece),))
    [credit] = _credits(given, policy=Policy(discounts="line"))
    assert [(one.name, one.amount) for one in credit.lines] == [("Tee", 40)]


# --- what was given back ---


def test_a_shipping_only_refund_is_a_credit_note_over_shipping_and_its_tax() -> None:
    postage = line("10.00", "2.00", id="shipping", kind="shipping", name="Flat rate", sku="")
    [credit] = _credits(_sold(refund(postage)))
    assert [(one.name, one.kind, one.amount, one.tax) for one in credit.lines] == [("Flat rate", "shipping", 10, 2)]


def test_an_amount_without_lines_gets_a_line_that_says_so() -> None:
    [credit] = _credits(_sold(refund(total=Decimal("12.50"))))
    assert [(one.name, one.amount) for one in credit.lines] == [("Refund without items", Decimal("12.50"))]


def test_what_the_store_cannot_explain_is_not_booked_before_somebody_has_looked() -> None:
    given = _sold(refund(line("40.00", "10.00"), total=Decimal("56.00"), residual=Decimal("6.00")))
    with pytest.raises(Held, match=r"refund 200000091 add up to 50\.00 EUR, but its total is 56\.00") as held:
        require_explained(_credits(given)[0], "credit_note/91")
    assert (held.value.reason, held.value.problem["posting"]) == ("does_not_add_up", "credit_note/91")


def test_what_is_booked_already_is_not_asked_about_again() -> None:
    given = _sold(refund(line("40.00", "10.00"), total=Decimal("56.00"), residual=Decimal("6.00")))
    require_explained(_credits(given, credited={"91": Decimal("56.00")})[0], "credit_note/91")


def test_a_cent_that_the_lines_leave_open_is_rounding() -> None:
    [credit] = _credits(_sold(refund(line("10.00", "0"), total=Decimal("10.01"))))
    assert [one.name for one in credit.lines] == ["Tee", "Rounding"]


def test_a_fee_that_the_shop_keeps_lowers_the_credit_note() -> None:
    fee = line("-5.00", "0", id="fee", name="Adjustment fee", kind="adjustment")
    given = _sold(refund(line("40.00", "10.00", rate="25"), fee))
    [credit] = _credits(given)
    assert [(one.name, one.amount, one.tax) for one in credit.lines] == [("Tee", 40, 10), ("Adjustment fee", -5, 0)]
    [folded] = _credits(given, capabilities=Capabilities(negative_lines=False))
    assert folded.total == lines_total(folded.lines) == 45
    assert len(folded.lines) == 1 and "Adjustment fee" in folded.lines[0].description


# --- converted ---


@pytest.mark.parametrize("parts", [("33.33", "33.33", "33.34"), ("14.29",) * 6 + ("14.26",), ("0.01", "99.99")])
def test_an_order_refunded_in_parts_is_credited_in_full_in_the_books_currency(parts: tuple[str, ...]) -> None:
    given = _sold(*(_back(part, str(place), days=place) for place, part in enumerate(parts)))
    wanted = want(given, Terms(policy=CONVERT))
    assert sum(credit.total for credit in wanted.credits) == wanted.invoice.total
    assert not any(credit.notes for credit in wanted.credits)
    for credit in wanted.credits:
        prove_wanted(credit)


def test_a_surplus_is_told_in_the_stores_own_currency() -> None:
    assert _findings(_sold(_back("120.00")), policy=CONVERT) == [("refund_too_large", "20.00", "EUR")]


# --- missing ---


def _missing(given: Order) -> Finding:
    [finding] = want(given, Terms()).findings
    assert finding.reason == "refund_missing"
    return finding


def test_a_store_that_claims_a_refund_which_it_does_not_list_is_a_finding_and_no_document() -> None:
    given = _sold(refunded=Decimal("100.00"))
    assert _missing(given).amount == 100
    assert "it lists no refund" in _missing(given).message
    assert not _credits(given)


def test_only_what_its_refunds_do_not_explain_is_missing() -> None:
    finding = _missing(_sold(_back("30.00"), refunded=Decimal("45.50")))
    assert finding.amount == Decimal("15.50")
    assert "30.00 EUR" in finding.message


def test_an_announced_refund_explains_what_the_store_claims() -> None:
    assert _findings(_sold(_back("30.00", pending=True), refunded=Decimal("30.00"))) == []


@pytest.mark.parametrize("claimed", [None, Decimal(0), Decimal("29.00"), Decimal("30.01")])
def test_a_store_that_claims_nothing_less_or_a_rounding_cent_more_is_believed(claimed: Decimal | None) -> None:
    assert _findings(_sold(_back("30.00"), refunded=claimed)) == []
