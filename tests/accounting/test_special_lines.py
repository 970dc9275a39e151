"""Gift cards sold and spent, store credit, reward points, fees: payments where they pay, liabilities where they are
owed, and each amount under its name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.documents import Tender
from hub.accounting.policy import Policy
from hub.accounting.proof import lines_total
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.errors import Held
from tests.accounting.orders import line, order, payment, refund

CARD = line("50.00", "0", kind="gift_card", name="Gift card 50", sku="GC-50")


def test_a_sold_gift_card_is_owed_and_is_no_revenue() -> None:
    [made] = want(order(CARD), Terms()).invoice.lines
    assert (made.name, made.description, made.taxes) == ("Gift cards (liability)", "Gift card 50", ())


@pytest.mark.parametrize(("chosen", "name"), [("line", "Gift card 50"), ("2150 Vouchers", "2150 Vouchers")])
def test_the_flow_names_the_liability(chosen: str, name: str) -> None:
    assert want(order(CARD), Terms(policy=Policy(gift_cards=chosen))).invoice.lines[0].name == name


def test_a_gift_card_is_no_item_of_the_catalogue() -> None:
    assert want(order(CARD), Terms()).items == ()


def test_tax_on_a_sold_gift_card_is_a_line_of_its_own_and_a_finding() -> None:
    wanted = want(order(CARD.model_copy(update={"taxes": line("50.00", "10.00").taxes})), Terms())
    assert [(one.name, one.amount, one.taxes) for one in wanted.invoice.lines] == [
        ("Gift cards (liability)", 50, ()),
        ("VAT on Gift card 50", 10, ()),
    ]
    assert lines_total(wanted.invoice.lines) == 60
    assert [(one.reason, one.amount) for one in wanted.findings] == [("gift_card_taxed", 10)]


def test_fees_keep_their_names_whatever_item_they_are_posted_as() -> None:
    fees = [line("3.00", "0", kind="fee", name=name, sku="", id=name) for name in ("Cash on delivery", "Tip")]
    made = want(order(*fees), Terms(policy=Policy(fees="Surcharges"))).invoice.lines
    assert [(one.name, one.description) for one in made] == [("Surcharges", "Cash on delivery"), ("Surcharges", "Tip")]
    assert [one.name for one in want(order(*fees), Terms()).invoice.lines] == ["Cash on delivery", "Tip"]


TENDERS = (
    Tender(kind="gift_card", amount=Decimal(10)),
    Tender(kind="store_credit", amount=Decimal(5)),
    Tender(kind="reward_points", name="1,000 points", amount=Decimal(1)),
)


def test_every_tender_is_a_payment_under_its_name_beside_the_money() -> None:
    made = want(order(tenders=TENDERS, payments=(payment("27.20"),)), Terms()).payments
    assert [(one.part, one.type, one.method_name, one.amount) for one in made] == [
        ("gift_card-1", "Other", "Gift card", 10),
        ("store_credit-2", "Other", "Store credit", 5),
        ("reward_points-3", "Other", "Reward points 1,000 points", 1),
        ("501", "Other", "checkmo", Decimal("27.20")),
    ]


def test_a_tender_without_a_name_of_its_own_is_named_once() -> None:
    given = order(tenders=(Tender(kind="gift_card", name="Gift card", amount=Decimal(10)),))
    assert want(given, Terms()).payments[0].method_name == "Gift card"


def test_a_tender_clears_against_the_type_that_the_flow_names() -> None:
    policy = Policy(payment_types={"gift_card": "Credit"})
    made = want(order(tenders=TENDERS), Terms(policy=policy)).payments
    assert [one.type for one in made] == ["Credit", "Other", "Other"]


def test_a_tender_over_more_than_the_order_is_never_paid() -> None:
    with pytest.raises(Held, match="more than its total") as held:
        want(order(tenders=(Tender(kind="gift_card", amount=Decimal("43.21")),)), Terms())
    assert held.value.reason == "overpaid"


def test_a_credit_note_says_what_of_it_left_as_no_money() -> None:
    back = refund(line("20.00", "4.00"), tenders=(Tender(kind="store_credit", amount=Decimal(10)),))
    [credit] = want(order(line("20.00", "4.00"), refunds=(back,)), Terms()).credits
    assert (credit.total, credit.notes) == (24, "10.00 EUR of it went back as store credit.")
